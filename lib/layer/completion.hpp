#pragma once
/// @file
/// Something that happens once, and any number of coroutines that wait for it.

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <async/event.hpp>
#include <persistance/asio.hpp>

namespace persistance::layer::detail {

using Deadline = std::optional<std::chrono::milliseconds>;

/// @par Threads  Any number of threads at once; a coroutine resumes on its own executor.
class Completion {
 public:
  /// It has happened.
  void set();
  [[nodiscard]] bool isSet() const;

  /// @par Cancellation  Terminal; ends with operation_aborted.
  [[nodiscard]] static asio::awaitable<void> wait(std::shared_ptr<Completion> completion);
  /// Waits no longer than `deadline`; isSet() tells what came first.
  [[nodiscard]] static asio::awaitable<void> waitFor(std::shared_ptr<Completion> completion,
                                                     Deadline deadline);

 private:
  [[nodiscard]] bool add(const std::shared_ptr<async::Event>& event);

  mutable std::mutex mutex_;
  // Guarded by `mutex_`.
  bool set_ = false;
  std::vector<std::weak_ptr<async::Event>> waiting_;
};

}  // namespace persistance::layer::detail
