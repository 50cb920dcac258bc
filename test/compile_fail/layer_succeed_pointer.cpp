// expect: error: static assertion failed
// expect: persistance::layer::succeed: this is no service; give a Service
#include <persistance/layer.hpp>

namespace app {
struct Server {};
}  // namespace app

namespace layer = persistance::layer;

app::Server only;
const auto server = layer::succeed(&only);
