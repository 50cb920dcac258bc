#pragma once
/// @file
/// A supervised task in the background.

#include <functional>
#include <memory>
#include <mutex>

#include "operation.hpp"
#include "scope_state.hpp"

namespace persistance::layer::detail {

class Task final : public OperationOwner {
 public:
  /// On any thread, once: with the task's error, or null.
  using Stopped = std::function<void(std::exception_ptr)>;

  explicit Task(const std::shared_ptr<ScopeState>& scope)
      : scope_(scope), home_(scope->home), dependencies_(scope->dependencies) {}

  void start(const asio::any_io_executor& executor, asio::awaitable<void> work);
  /// Cancels it; `stopped` is called when it has ended.
  void stop(Stopped stopped);

  void step() override {}
  void ended(std::exception_ptr error) override;
  void abandoned() noexcept override { over(nullptr); }

 private:
  void cancel(const std::shared_ptr<Operation>& operation);
  void over(const std::exception_ptr& error);

  const std::weak_ptr<ScopeState> scope_;
  const HomePtr home_;
  const DependenciesPtr dependencies_;
  std::mutex mutex_;
  // Guarded by `mutex_`.
  std::shared_ptr<Operation> operation_;
  Stopped stopped_;
  bool stopping_ = false;
  bool over_ = false;
};

}  // namespace persistance::layer::detail
