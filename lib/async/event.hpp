#pragma once
/// @file
/// The one way to wait until somebody else says so.

#include <memory>

#include <persistance/asio.hpp>

namespace persistance::async {

class WaitRegistry;
class Waiter;

/// A one-shot event: one coroutine awaits it, any thread sets it.
///
/// It may be set before, during or after the wait. When the execution context of the waiting
/// coroutine is destroyed, the coroutine is destroyed with it, as Asio's own operations do; a set()
/// that comes later, or at the same moment from another thread, does nothing.
///
/// @par Threads   set() from any thread; wait() once, from the one coroutine that waits.
/// @par Lifetime  Held by shared_ptr: by the one who waits and by the one who sets.
class Event {
 public:
  /// `executor` is the one that the waiting coroutine runs on.
  explicit Event(const asio::any_io_executor& executor);
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event();

  /// Lets the coroutine that waits, or will wait, go on; on its own executor, never in here.
  void set() noexcept;

  /// Waits until set() was called; returns at once where it has been.
  /// @par Cancellation  Terminal; ends with operation_aborted. A set() that came first wins.
  [[nodiscard]] static asio::awaitable<void> wait(std::shared_ptr<Event> event);

 private:
  friend class WaitRegistry;
  friend class Waiter;
  std::shared_ptr<WaitRegistry> registry_;
  // All below is guarded by the registry's mutex.
  bool set_ = false;
  std::unique_ptr<Waiter> waiter_;  // there while a coroutine is suspended in wait()
  Event* previous_ = nullptr;       // the registry's list of events with a waiter
  Event* next_ = nullptr;
};

}  // namespace persistance::async
