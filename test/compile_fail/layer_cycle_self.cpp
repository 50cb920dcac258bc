// expect: error: static assertion failed
// expect: persistance::layer: this layer requires a service that it provides itself: a cycle
// expect: app::Chicken
#include <persistance/layer.hpp>

namespace app {
struct Chicken {};
}  // namespace app

namespace layer = persistance::layer;

const auto chicken = layer::sync([](app::Chicken&) { return app::Chicken{}; });
const auto main_ = layer::run(chicken, [](app::Chicken&) {});
