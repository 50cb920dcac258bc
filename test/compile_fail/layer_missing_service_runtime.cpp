// expect: error: static assertion failed
// expect: persistance::layer: this layer requires a service that nothing provides; write provide(layer, dependency)
// expect: app::Clock
// expect: app::Repository
#include <persistance/layer.hpp>

namespace app {
struct Clock {};
struct Repository {};
}  // namespace app

namespace layer = persistance::layer;

const auto repository = layer::sync([](app::Clock&) { return app::Repository{}; });
const layer::ManagedRuntime runtime(repository);
