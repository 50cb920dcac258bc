// expect: error: static assertion failed
// expect: persistance::layer::wire: no layer of the list provides this service
// expect: app::Server
#include <persistance/layer.hpp>

namespace app {
struct Clock {};
struct Timetable {};
struct Server {};
}  // namespace app

namespace layer = persistance::layer;

const auto clock_ = layer::succeed(app::Clock());
const auto timetable = layer::sync([](app::Clock&) { return app::Timetable(); });
const auto app_ = layer::wire<app::Timetable, app::Server>(timetable, clock_);
