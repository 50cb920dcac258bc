// expect: error: static assertion failed
// expect: persistance::layer::wire: nothing that is to be given requires this layer
// expect: app::Timetable
#include <persistance/layer.hpp>

namespace app {
struct Clock {};
struct Timetable {};
struct Server {};
}  // namespace app

namespace layer = persistance::layer;

const auto clock_ = layer::succeed(app::Clock());
const auto timetable = layer::succeed(app::Timetable());
const auto server = layer::sync([](app::Clock&) { return app::Server(); });
const auto app_ = layer::wire<app::Server>(server, clock_, timetable);
