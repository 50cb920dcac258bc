// expect: error: static assertion failed
// expect: persistance::layer: the function takes a service that this layer does not provide
// expect: app::Mailer
#include <persistance/layer.hpp>

namespace app {
struct Clock {};
struct Mailer {};
}  // namespace app

namespace layer = persistance::layer;

const auto main_ = layer::run(layer::succeed(app::Clock{}), [](app::Clock&, app::Mailer&) {});
