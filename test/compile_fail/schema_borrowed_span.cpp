// expect: persistance: this type borrows what it points to
// expect: app::Page
// expect: span<int
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
struct Page {
  std::optional<std::span<int>> text;
  static auto schema() { return schema::object<Page>(schema::field("text", &Page::text)); }
};
}  // namespace app

const auto pages = schema::of<app::Page>();
