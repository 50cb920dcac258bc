// expect: persistance: field() takes a data member, and this is a function
// expect: app::Point
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
class Point {
  int x_ = 0;

 public:
  int x() const { return x_; }
};
}  // namespace app

const auto point = schema::object<app::Point>(schema::field("x", &app::Point::x));
