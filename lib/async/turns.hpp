#pragma once
/// @file
/// Many coroutines of one executor, resumed by few handlers.

#include <atomic>
#include <memory>
#include <typeinfo>
#include <utility>
#include <vector>

#include "async/event.hpp"

namespace persistance::async {

/// Coroutines whose wait is over. Each handler that runs takes one after another until none is
/// left; before its first it posts the next handler. So a coroutine that blocks its thread, or
/// throws out of the executor's run(), keeps none of the others waiting, and idle threads help; and
/// after io_context::stop() no other is resumed before the context runs again.
class Turns : public std::enable_shared_from_this<Turns> {
 public:
  Turns(asio::any_io_executor executor, std::size_t atMost) : executor_(std::move(executor)) {
    waiters_.reserve(atMost);
    using Plain = asio::io_context::executor_type;
    if (executor_.target_type() != typeid(Plain)) return;  // target() itself does not look
    context_ = &asio::query(*executor_.target<Plain>(), asio::execution::context);
  }

  [[nodiscard]] const asio::any_io_executor& executor() const noexcept { return executor_; }

  /// Only before post().
  void add(Event::Waiter waiter) { waiters_.push_back(std::move(waiter)); }

  void post() {
    asio::post(executor_, [self = shared_from_this()] { self->run(); });
  }

 private:
  void run() {
    if (next_.load(std::memory_order_relaxed) + 1 < waiters_.size()) post();
    while (context_ == nullptr || !context_->stopped()) {
      const std::size_t mine = next_.fetch_add(1, std::memory_order_relaxed);
      if (mine >= waiters_.size()) return;
      Event::Waiter waiter = std::move(waiters_[mine]);
      std::move(waiter)({});
    }
  }

  asio::any_io_executor executor_;
  asio::io_context* context_ = nullptr;  // where the executor is that of an io_context
  std::vector<Event::Waiter> waiters_;
  std::atomic<std::size_t> next_ = 0;
};

}  // namespace persistance::async
