// expect: persistance: no schema for this type; give it one
// expect: app::Page
// expect: bitset<8>
#include <persistance/schema.hpp>

#include <bitset>

namespace schema = persistance::schema;

namespace app {
struct Page {
  std::bitset<8> text;
  static auto schema() { return schema::object<Page>(schema::field("text", &Page::text)); }
};
}  // namespace app

const auto pages = schema::of<app::Page>();
