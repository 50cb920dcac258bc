// expect: persistance: a field given to object<A>() is a member of another class
// expect: app::Point
// expect: app::Size
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
struct Size {
  int width = 0;
};
struct Point {
  int x = 0;
};
}  // namespace app

const auto point = schema::object<app::Point>(schema::field("x", &app::Size::width));
