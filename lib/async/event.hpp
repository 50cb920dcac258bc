#pragma once
/// @file
/// The one way to wait until somebody else says so.

#include <memory>
#include <optional>
#include <span>

#include <persistance/asio.hpp>

namespace persistance::async {

class WaitRegistry;

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
  /// For a waiter that is not known yet; attach() comes before anything else.
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event();

  void attach(const asio::any_io_executor& executor);

  /// Lets the coroutine that waits, or will wait, go on; on its own executor, never in here.
  void set() noexcept;

  /// set() for each, in this order. Neighbours whose coroutines share an executor are resumed by
  /// one handler on it; where that executor has idle threads, they take their part.
  static void setAll(std::span<Event* const> events) noexcept;

  /// Waits until set() was called; returns at once where it has been.
  /// @par Cancellation  Terminal; ends with operation_aborted. A set() that came first wins.
  [[nodiscard]] static asio::awaitable<void> wait(std::shared_ptr<Event> event);

 private:
  friend class WaitRegistry;
  friend class Turns;
  /// A suspended coroutine. It was spawned, and as such is outstanding work of its executor.
  using Waiter = asio::async_result<asio::use_awaitable_t<>, void(std::error_code)>::handler_type;

  std::shared_ptr<WaitRegistry> registry_;
  // All below is guarded by the registry's mutex.
  bool set_ = false;
  std::optional<Waiter> waiter_;  // there while a coroutine is suspended in wait()
  Event* previous_ = nullptr;     // the registry's list of events with a waiter
  Event* next_ = nullptr;
};

}  // namespace persistance::async
