// expect: error: static assertion failed
// expect: the parameters of this function say what it needs, and they cannot be read
// expect: MakeServer
#include <persistance/layer.hpp>

namespace app {
struct Clock {};
struct SystemClock : Clock {};
struct Server {};
}  // namespace app

namespace layer = persistance::layer;

struct MakeServer {
  app::Server operator()(app::Clock&) const { return app::Server(); }
  app::Server operator()(app::SystemClock&) const { return app::Server(); }
};
const auto server = layer::effect(MakeServer());
