// expect: error: static assertion failed
// expect: the first parameter of this function takes the error, and it is of no exception type
// expect: app::Clock
#include <persistance/layer.hpp>

namespace app {
struct Clock {};
struct Server {};
}  // namespace app

namespace layer = persistance::layer;

const auto server = layer::catchAll(layer::succeed(app::Server()),
                                    [](app::Clock&) { return layer::succeed(app::Server()); });
