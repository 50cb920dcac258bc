// expect: persistance: no schema for this type; give it one
// expect: app::Point
#include <persistance/schema.hpp>

namespace app {
struct Point {
  int x = 0;
};
}  // namespace app

const auto points = persistance::schema::of<app::Point>();
