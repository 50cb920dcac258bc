// expect: persistance: a pointer to this class may point to a derived one
// expect: app::Shape
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
struct Shape {
  virtual ~Shape() = default;
  int x = 0;
  static auto schema() { return schema::object<Shape>(schema::field("x", &Shape::x)); }
};
}  // namespace app

const auto shapes = schema::of<std::unique_ptr<app::Shape>>();
