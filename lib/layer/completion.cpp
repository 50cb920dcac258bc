#include "completion.hpp"

#include <utility>

#include "async/from_now.hpp"

namespace persistance::layer::detail {

void Completion::set() {
  std::vector<std::weak_ptr<async::Event>> waiting;
  {
    const std::lock_guard lock(mutex_);
    set_ = true;
    waiting.swap(waiting_);
  }
  for (const auto& weak : waiting) {
    if (const auto event = weak.lock()) event->set();
  }
}

bool Completion::isSet() const {
  const std::lock_guard lock(mutex_);
  return set_;
}

bool Completion::add(const std::shared_ptr<async::Event>& event) {
  const std::lock_guard lock(mutex_);
  if (set_) return false;
  waiting_.push_back(event);
  return true;
}

asio::awaitable<void> Completion::wait(std::shared_ptr<Completion> completion) {
  return waitFor(std::move(completion), std::nullopt);
}

asio::awaitable<void> Completion::waitFor(std::shared_ptr<Completion> completion,
                                          Deadline deadline) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto event = std::make_shared<async::Event>(executor);
  if (!completion->add(event)) co_return;
  if (!deadline) co_return co_await async::Event::wait(event);
  asio::steady_timer timer(executor, async::fromNow(*deadline));
  timer.async_wait([event](const std::error_code& error) {
    if (!error) event->set();
  });
  co_await async::Event::wait(event);
}

}  // namespace persistance::layer::detail
