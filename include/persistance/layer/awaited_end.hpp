#pragma once
/// @file
/// The one guard of every wait that must happen: close, dispose, letting go.

#include <exception>
#include <memory>
#include <utility>

#include <persistance/asio.hpp>

namespace persistance::layer {

/// An awaitable that no cancellation skips. Asio refuses to await an `awaitable` in a coroutine
/// that has been cancelled, and cancels the one that is awaited; this one is awaited all the same,
/// and waits for its end whatever comes. What came is not lost: the coroutine's cancellation state
/// stays as it is, so its next wait of another kind ends with operation_aborted.
///
/// Await it where it is made: `co_await scope.close();`. Nothing is done before: dropped without
/// being awaited, it does nothing, and nothing is released. It may be moved, from a function that
/// returns it, for one; what was moved from is empty, and only the last one is awaited, once. It is
/// an `asio::awaitable<void>` too, for `co_spawn` and for functions that return one; awaited as
/// that, it is as any other: a cancellation reaches it.
///
/// @par Errors  What the operation throws comes out of the co_await expression.
class [[nodiscard]] AwaitedEnd : public asio::awaitable<void> {
 public:
  /// Which chain of coroutines awaits: those that wait for each other, from the co_spawn on.
  using Chain = std::shared_ptr<const void*>;

  /// `awaiting` is told the chain that awaits, before `work` begins.
  explicit AwaitedEnd(asio::awaitable<void> work, Chain awaiting = nullptr) noexcept
      : asio::awaitable<void>(std::move(work)), awaiting_(std::move(awaiting)) {}
  AwaitedEnd(AwaitedEnd&& other) noexcept
      : asio::awaitable<void>(std::move(other)),
        awaiting_(std::move(other.awaiting_)),
        error_(std::move(other.error_)) {}
  AwaitedEnd& operator=(AwaitedEnd&&) = delete;
  AwaitedEnd(const AwaitedEnd&) = delete;
  AwaitedEnd& operator=(const AwaitedEnd&) = delete;

  // Asio gives a function object that is awaited no other way to throw when it has ended; the end
  // of the co_await expression destroys it.
  ~AwaitedEnd() noexcept(false) {
    if (error_) std::rethrow_exception(std::move(error_));
  }

  /// For Asio: begins, while `frame` is suspended.
  asio::detail::awaitable_thread<asio::any_io_executor>* operator()(
      asio::detail::awaitable_frame_base<asio::any_io_executor>* frame);

 private:
  Chain awaiting_;
  std::exception_ptr error_;  // of the operation, when it has ended
};

}  // namespace persistance::layer
