// expect: persistance: object<A>() finds the members of a plain aggregate
// expect: app::Point
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
class Point {
  int x = 0;

 public:
  static auto schema() { return schema::object<Point>(); }
};
}  // namespace app

const auto point = schema::of<app::Point>();
