#pragma once
/// @file
/// Coroutines that wait for the next time something happens.

#include <memory>
#include <mutex>
#include <vector>

#include "async/event.hpp"
#include "backing/redis/request.hpp"

namespace persistance::redis {

/// @par Threads  All members, any thread.
class Waiters {
 public:
  /// Call it before looking whether there is anything to wait for: what happens from here on is
  /// not missed.
  [[nodiscard]] std::shared_ptr<async::Event> join(const asio::any_io_executor& executor) {
    auto event = std::make_shared<async::Event>(executor);
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
    return event;
  }

  void wakeAll() noexcept {
    std::vector<std::shared_ptr<async::Event>> events;
    {
      const std::lock_guard lock(mutex_);
      events.swap(events_);
    }
    for (const auto& event : events) event->set();
  }

  /// Waits for the event, or for the time, whichever comes first.
  [[nodiscard]] static asio::awaitable<void> wait(std::shared_ptr<async::Event> event,
                                                  Clock::time_point until) {
    asio::steady_timer timer(co_await asio::this_coro::executor, until);
    timer.async_wait([event](std::error_code) { event->set(); });
    co_await async::Event::wait(event);
  }

 private:
  std::mutex mutex_;
  std::vector<std::shared_ptr<async::Event>> events_;
};

}  // namespace persistance::redis
