// expect: error: static assertion failed
// expect: persistance::layer::wire: these layers require each other in a ring
// expect: Requires<app::Timetable>, persistance::layer::Provides<app::Clock>
// expect: Requires<app::Clock>, persistance::layer::Provides<app::Timetable>
#include <persistance/layer.hpp>

namespace app {
struct Clock {};
struct Timetable {};
struct Server {};
}  // namespace app

namespace layer = persistance::layer;

const auto clock_ = layer::sync([](app::Timetable&) { return app::Clock(); });
const auto timetable = layer::sync([](app::Clock&) { return app::Timetable(); });
const auto server = layer::sync([](app::Timetable&) { return app::Server(); });
const auto app_ = layer::wire<app::Server>(server, clock_, timetable);
