#pragma once
/// @file
/// Coroutines that wait for the next change of something, or for a time.

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>

#include "async/event.hpp"

namespace persistance::async {

using Clock = std::chrono::steady_clock;

/// Waits until `event` is set; at `deadline` it is set by a timer on the waiter's own executor. So
/// the one who waits looks afterwards which of the two it was. `Clock::time_point::max()`: no timer.
/// @par Cancellation  Terminal; ends with operation_aborted.
[[nodiscard]] asio::awaitable<void> waitUntil(std::shared_ptr<Event> event,
                                              Clock::time_point deadline);

/// The coroutines that wait for one thing to change.
///
///     for (;;) {
///       const auto place = waiters.join(executor);  // before looking: no change is missed
///       if (auto found = look()) co_return found;
///       if (Clock::now() >= deadline) throw ...;
///       co_await place.wait(deadline);
///     }
///
/// The one who makes the change makes it visible first (under the mutex that `look` takes too), and
/// calls wakeAll() then. Where nobody waits, that costs one load.
///
/// @par Threads   Any number at once.
/// @par Lifetime  Places may outlive it.
class Waiters {
  class List;

 public:
  /// A coroutine's place, for one wait. It ends with the coroutine, however that ends; so nothing is
  /// left behind by one that gave up.
  class Place {
   public:
    Place(std::shared_ptr<List> list, const asio::any_io_executor& executor);
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place();

    /// Waits until the next wakeAll() since this place was taken, or until `deadline`.
    /// @par Cancellation  Terminal; ends with operation_aborted.
    [[nodiscard]] asio::awaitable<void> wait(
        Clock::time_point deadline = Clock::time_point::max()) const;

   private:
    friend class List;
    const std::shared_ptr<List> list_;
    const std::shared_ptr<Event> event_;
    // Guarded by the list's mutex.
    bool linked_ = false;
    Place* previous_ = nullptr;
    Place* next_ = nullptr;
  };

  Waiters();
  Waiters(const Waiters&) = delete;
  Waiters& operator=(const Waiters&) = delete;
  ~Waiters();

  /// `executor` is the one that the waiting coroutine runs on.
  [[nodiscard]] Place join(const asio::any_io_executor& executor) const {
    return Place(list_, executor);
  }

  /// Lets everyone who has a place go on, in the order in which they came.
  void wakeAll() const noexcept;

 private:
  const std::shared_ptr<List> list_;
};

}  // namespace persistance::async
