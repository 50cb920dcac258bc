#pragma once
/// @file
/// One coroutine of the user's that a job waits for.

#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>

#include <persistance/asio.hpp>

#include "gate.hpp"
#include "worker.hpp"

namespace persistance::layer::detail {

/// A job that waits for operations.
class OperationOwner : public Job {
 public:
  /// On the worker: the operation returned (null), or threw.
  virtual void ended(std::exception_ptr error) = 0;
  /// On any thread: its execution context was destroyed, and the coroutine with it.
  virtual void abandoned() noexcept {}
  /// On any thread: which chain of coroutines runs; null when it has ended.
  virtual void runs(const void* /*chain*/) noexcept {}
};

/// One run of a coroutine. It serves once: it is started once, and ends once.
class Operation : public std::enable_shared_from_this<Operation> {
 public:
  /// Starts `work` on `executor`, behind `gate`; null: it is never cancelled. `local`: that is the
  /// worker's own executor, and where `work` ends without having waited, the owner is told before
  /// this returns.
  [[nodiscard]] static std::shared_ptr<Operation> start(std::shared_ptr<OperationOwner> owner,
                                                        std::shared_ptr<Worker> worker,
                                                        std::shared_ptr<Gate> gate,
                                                        const asio::any_io_executor& executor,
                                                        asio::awaitable<void> work,
                                                        bool local = true);

  Operation(std::shared_ptr<OperationOwner> owner, std::shared_ptr<Worker> worker,
            std::shared_ptr<Gate> gate, bool local)
      : owner_(std::move(owner)),
        worker_(std::move(worker)),
        gate_(std::move(gate)),
        local_(local) {}
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  ~Operation() = default;

  /// Emits a terminal cancellation, when that is safe. From any thread.
  void cancel();

 private:
  class Completion;

  static asio::awaitable<void> drive(std::shared_ptr<Operation> operation,
                                     asio::awaitable<void> work);
  void finish(std::exception_ptr error);
  void abandon() noexcept;
  [[nodiscard]] std::shared_ptr<OperationOwner> takeOwner();

  std::mutex mutex_;
  std::shared_ptr<OperationOwner> owner_;  // until it has been told; guarded by `mutex_`
  const std::shared_ptr<Worker> worker_;
  const std::shared_ptr<Gate> gate_;
  const bool local_;
  asio::cancellation_signal signal_;
};

/// Waits.
[[nodiscard]] asio::awaitable<void> sleepFor(std::chrono::milliseconds duration);

/// Tells which chain of coroutines awaits it: those that wait for each other, from the co_spawn on.
/// `co_await ReadChain(id)` suspends nothing.
class ReadChain {
 public:
  explicit ReadChain(const void*& id) : id_(&id) {}

  asio::detail::awaitable_thread<asio::any_io_executor>* operator()(
      asio::detail::awaitable_frame_base<asio::any_io_executor>* frame) const {
    auto* const thread = frame->detach_thread();
    *id_ = thread->entry_point();
    frame->attach_thread(thread);  // and Asio's loop goes on with it
    return nullptr;
  }

 private:
  const void** id_;
};

}  // namespace persistance::layer::detail
