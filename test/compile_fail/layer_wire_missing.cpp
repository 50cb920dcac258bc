// expect: error: static assertion failed
// expect: persistance::layer::wire: this layer requires a service that no layer of the list provides
// expect: app::Clock
// expect: app::Timetable
#include <persistance/layer.hpp>

namespace app {
struct Clock {};
struct Timetable {};
struct Server {};
}  // namespace app

namespace layer = persistance::layer;

const auto timetable = layer::sync([](app::Clock&) { return app::Timetable(); });
const auto server = layer::sync([](app::Timetable&) { return app::Server(); });
const auto app_ = layer::wire<app::Server>(server, timetable);
