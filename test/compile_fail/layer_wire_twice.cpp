// expect: error: static assertion failed
// expect: persistance::layer::wire: two layers of the list provide the same service
// expect: app::Clock
// expect: app::Timetable
#include <persistance/layer.hpp>

namespace app {
struct Clock {};
struct Timetable {};
struct Server {};
}  // namespace app

namespace layer = persistance::layer;

const auto clock_ = layer::succeed(app::Clock());
const auto both = layer::merge(layer::succeed(app::Clock()), layer::succeed(app::Timetable()));
const auto server = layer::sync([](app::Timetable&) { return app::Server(); });
const auto app_ = layer::wire(server, clock_, both);
