// expect: persistance: a read fills members in, and this one is const
// expect: app::Point
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
struct Point {
  const int x = 0;
};
}  // namespace app

const auto point = schema::object<app::Point>(schema::field("x", &app::Point::x));
