// expect: error: static assertion failed
// expect: persistance::layer::sync: the function is a coroutine; write effect
#include <memory>
#include <persistance/layer.hpp>

namespace app {
struct Clock {};
}  // namespace app

namespace asio = persistance::asio;
namespace layer = persistance::layer;

const auto clock_ = layer::sync([]() -> asio::awaitable<std::shared_ptr<app::Clock>> {
  co_return std::make_shared<app::Clock>();
});
