// expect: persistance: this type borrows what it points to
// expect: app::Page
// expect: basic_string_view
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
struct Page {
  int number = 0;
  std::string_view text;
};
}  // namespace app

const auto pages = schema::object<app::Page>();
