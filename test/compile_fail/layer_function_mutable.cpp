// expect: error: static assertion failed
// expect: this function is mutable, and a layer may be built more than once; leave mutable out
#include <persistance/layer.hpp>

namespace app {
struct Clock {};
struct Server {};
}  // namespace app

namespace layer = persistance::layer;

const auto server = layer::effect([built = 0](app::Clock&) mutable {
  ++built;
  return app::Server();
});
