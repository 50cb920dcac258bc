// expect: error: static assertion failed
// expect: persistance::layer: a parameter of this function is no service; write Service&
// expect: app::Clock
#include <persistance/layer.hpp>

namespace app {
struct Clock {};
}  // namespace app

namespace layer = persistance::layer;

const auto main_ = layer::run(layer::succeed(app::Clock{}), [](app::Clock*) {});
