// expect: error: static assertion failed
// expect: persistance::layer::wire: an argument is no Layer
// expect: app::Clock
#include <persistance/layer.hpp>

namespace app {
struct Clock {};
struct Timetable {};
struct Server {};
}  // namespace app

namespace layer = persistance::layer;

const auto server = layer::sync([](app::Clock&) { return app::Server(); });
const auto app_ = layer::wire<app::Server>(server, app::Clock());
