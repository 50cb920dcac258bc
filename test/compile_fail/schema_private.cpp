// expect: persistance: this type has a member `schema` that gives no schema here
// expect: app::Point
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
class Point {
  int x = 0;
  static auto schema() { return schema::object<Point>(schema::field("x", &Point::x)); }
};
}  // namespace app

const auto points = schema::of<app::Point>();
