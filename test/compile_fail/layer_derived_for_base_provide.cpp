// expect: error: static assertion failed
// expect: under a base class: effect<Base>(function)
// expect: app::Clock
#include <persistance/layer.hpp>

namespace app {
struct Clock {
  virtual ~Clock() = default;
};
struct SystemClock : Clock {};
struct Server {};
}  // namespace app

namespace layer = persistance::layer;

const auto server =
    layer::provide(layer::effect([](app::Clock&) { return app::Server(); }),
                   layer::effect([] { return std::make_shared<app::SystemClock>(); }));
const auto main_ = layer::launch(server);
