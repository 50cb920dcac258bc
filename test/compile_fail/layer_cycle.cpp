// expect: error: static assertion failed
// expect: persistance::layer: this layer requires a service that it provides itself: a cycle
// expect: app::Chicken
#include <persistance/layer.hpp>

namespace app {
struct Chicken {};
struct Egg {};
}  // namespace app

namespace layer = persistance::layer;

const auto chicken = layer::sync([](app::Egg&) { return app::Chicken{}; });
const auto egg = layer::sync([](app::Chicken&) { return app::Egg{}; });
const auto main_ = layer::launch(layer::provide(chicken, egg));
