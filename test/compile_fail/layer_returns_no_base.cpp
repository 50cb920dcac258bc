// expect: error: static assertion failed
// expect: what this function returns does not derive from the service that the layer is to give
// expect: app::Server
// expect: app::Clock
#include <persistance/layer.hpp>

namespace app {
struct Clock {};
struct Server {};
}  // namespace app

namespace layer = persistance::layer;

const auto clock_ = layer::effect<app::Clock>([] { return std::make_unique<app::Server>(); });
