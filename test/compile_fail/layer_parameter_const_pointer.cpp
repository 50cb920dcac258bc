// expect: error: static assertion failed
// expect: a parameter of this function is no service; write Service&
// expect: app::Clock
#include <persistance/layer.hpp>

namespace app {
struct Clock {};
struct Server {};
}  // namespace app

namespace layer = persistance::layer;

const auto server = layer::effect([](std::shared_ptr<const app::Clock>) { return app::Server(); });
