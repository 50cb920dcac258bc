// expect: error: static assertion failed
// expect: this function returns a reference, and what it refers to may be released
#include <persistance/layer.hpp>

namespace app {
struct Server {};
}  // namespace app

namespace layer = persistance::layer;

const auto main_ = layer::run(layer::succeed(app::Server()),
                              [](app::Server& server) -> app::Server& { return server; });
