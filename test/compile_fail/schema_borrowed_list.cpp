// expect: persistance: this type borrows what it points to
// expect: app::Page
// expect: initializer_list<int>
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
struct Page {
  std::initializer_list<int> text;
  static auto schema() { return schema::object<Page>(schema::field("text", &Page::text)); }
};
}  // namespace app

const auto pages = schema::of<app::Page>();
