// expect: persistance: a decoded type needs a default constructor
// expect: app::Point
#include <persistance/persistance.hpp>

namespace schema = persistance::schema;

namespace app {
struct Point {
  explicit Point(int) {}
  int x = 0;
  static auto schema() { return schema::object<Point>(schema::field("x", &Point::x)); }
};
}  // namespace app

persistance::asio::awaitable<void> open(persistance::SchemaPersistance& stores) {
  const auto points = co_await stores.make<app::Point>("points");
  (void)co_await points.get("a");
}
