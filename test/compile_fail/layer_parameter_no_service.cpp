// expect: error: static assertion failed
// expect: persistance::layer: a parameter of this function is no service; write Service&
// expect: app::Clock
#include <persistance/layer.hpp>

namespace app {
struct Clock {};
struct Repository {};
}  // namespace app

namespace layer = persistance::layer;

const auto repository = layer::sync([](app::Clock) { return app::Repository{}; });
