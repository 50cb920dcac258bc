// expect: persistance: the names of an enumeration can be found where its underlying type
// expect: app::Color
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
enum Color { red, green };
}  // namespace app

const auto color = schema::of<app::Color>();
