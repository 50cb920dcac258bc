// expect: error: static assertion failed
// expect: this is a pointer to a member; write a lambda that takes its object
// expect: app::Clock
#include <persistance/layer.hpp>

namespace app {
struct Clock {
  int now() { return 0; }
};
}  // namespace app

namespace layer = persistance::layer;

const auto server = layer::effect(&app::Clock::now);
