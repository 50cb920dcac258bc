// expect: include <persistance/schema/json_as.hpp>
// expect: app::Point
#include <persistance/schema.hpp>

#include <nlohmann/json.hpp>

namespace schema = persistance::schema;

namespace app {
struct Point {
  int x = 0;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Point, x)
};
}  // namespace app

const auto points = schema::of<app::Point>();
