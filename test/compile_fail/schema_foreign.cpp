// expect: persistance: the `schema()` of this type gives no schema of this type
// expect: app::Table
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
struct Table {
  int rows = 0;
  static std::string schema() { return "public"; }
};
}  // namespace app

const auto tables = schema::of<app::Table>();
