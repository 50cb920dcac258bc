// expect: persistance: this type borrows what it points to
// expect: app::Page
// expect: reference_wrapper<
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
struct Page {
  std::vector<std::reference_wrapper<int>> text;
  static auto schema() { return schema::object<Page>(schema::field("text", &Page::text)); }
};
}  // namespace app

const auto pages = schema::of<app::Page>();
