// expect: persistance: stored numbers are integers of at most 64 bits and doubles
// expect: app::Page
// expect: long double
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
struct Page {
  long double text = 0;
  static auto schema() { return schema::object<Page>(schema::field("text", &Page::text)); }
};
}  // namespace app

const auto pages = schema::of<app::Page>();
