// expect: persistance: the schema given to field() is not of the member's type
// expect: app::Point
// expect: long
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
struct Point {
  int x = 0;
};
}  // namespace app

const auto point =
    schema::object<app::Point>(schema::field("x", &app::Point::x, schema::integer().min(0)));
