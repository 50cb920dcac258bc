// expect: persistance: a decoded type needs a default constructor
// expect: app::Point
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
struct Point {
  explicit Point(int) {}
  int x = 0;
  static auto schema() { return schema::object<Point>(schema::field("x", &Point::x)); }
};
}  // namespace app

const auto points = schema::of<std::vector<app::Point>>().decode(persistance::Unknown());
