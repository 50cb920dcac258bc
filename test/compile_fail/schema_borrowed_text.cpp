// expect: persistance: this type borrows what it points to
// expect: app::Page
// expect: const char
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
struct Page {
  std::vector<const char*> text;
  static auto schema() { return schema::object<Page>(schema::field("text", &Page::text)); }
};
}  // namespace app

const auto pages = schema::of<app::Page>();
