// expect: error: static assertion failed
// expect: the parameters of this function say what it needs, and they cannot be read
#include <persistance/layer.hpp>

namespace app {
struct Server {};
}  // namespace app

namespace layer = persistance::layer;

const auto server = layer::effect([](auto& clock) { return app::Server(); });
