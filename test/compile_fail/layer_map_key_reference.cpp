// expect: error: static assertion failed
// expect: the function takes the key by a reference that could change it; take it by value or as const K&
#include <persistance/layer/layer_map.hpp>
#include <persistance/layer/make.hpp>

namespace app {
struct Tenant {};
}  // namespace app

namespace layer = persistance::layer;

const auto tenants =
    layer::layerMap([](int&) { return layer::sync([] { return app::Tenant(); }); });
