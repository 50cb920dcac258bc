// expect: error: static assertion failed
// expect: the function's first parameter is the key, and keys are kept in order: give its class an operator<
#include <persistance/layer/layer_map.hpp>
#include <persistance/layer/make.hpp>

namespace app {
struct Tenant {};
struct Id {
  int number;
};
}  // namespace app

namespace layer = persistance::layer;

const auto tenants =
    layer::layerMap([](const app::Id&) { return layer::sync([] { return app::Tenant(); }); });
