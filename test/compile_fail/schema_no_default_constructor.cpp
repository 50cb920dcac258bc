// expect: persistance: a decoded type needs a default constructor
// expect: app::Point
#include <persistance/schema.hpp>

namespace app {
struct Point {
  explicit Point(int) {}
  int x = 0;
};
}  // namespace app

namespace schema = persistance::schema;

const app::Point point =
    schema::object<app::Point>(schema::field("x", &app::Point::x)).decode(persistance::Unknown());
