#include "shield.hpp"

#include <atomic>
#include <utility>

namespace persistance::layer::detail {

asio::awaitable<bool> waitToTheEnd(std::shared_ptr<async::Event> event) {
  const auto cancelled = std::make_shared<std::atomic<bool>>(false);
  const auto note = [cancelled](asio::cancellation_type type) {
    if ((type & asio::cancellation_type::terminal) != asio::cancellation_type::none)
      cancelled->store(true);
    return asio::cancellation_type::none;
  };
  co_await asio::this_coro::reset_cancellation_state(note);
  co_await async::Event::wait(std::move(event));
  co_await asio::this_coro::reset_cancellation_state();
  co_return cancelled->load();
}

}  // namespace persistance::layer::detail
