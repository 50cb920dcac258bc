// expect: error: static assertion failed
// expect: write effect<Base>(function), or succeed<Base>(pointer)
// expect: app::Clock
// expect: app::SystemClock
#include <persistance/layer.hpp>

namespace app {
struct Clock {
  virtual ~Clock() = default;
};
struct SystemClock : Clock {};
}  // namespace app

namespace layer = persistance::layer;

const auto main_ = layer::run(layer::effect([] { return std::make_shared<app::SystemClock>(); }),
                              [](app::Clock&) {});
