// expect: persistance: no schema for this type; give it one
// expect: app::Page
// expect: wchar_t
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
struct Page {
  std::wstring text;
  static auto schema() { return schema::object<Page>(schema::field("text", &Page::text)); }
};
}  // namespace app

const auto pages = schema::of<app::Page>();
