// expect: error: static assertion failed
// expect: what this function returns is no service; return std::shared_ptr<Service>
// expect: app::Server
#include <persistance/layer.hpp>

namespace app {
struct Server {};
}  // namespace app

namespace layer = persistance::layer;

const auto server =
    layer::effect([]() -> asio::awaitable<app::Server*> { co_return new app::Server(); });
