#pragma once
/// @file
/// Closing a scope from a coroutine.

#include <memory>
#include <optional>

#include <persistance/layer/awaited_end.hpp>

#include "completion.hpp"
#include "failure.hpp"
#include "scope_state.hpp"

namespace persistance::layer::detail {

/// A close that runs; shared with the finalizers, which may outlive the wait.
class Closing {
 public:
  /// Begins to close the scope, on the executor. Another close that runs is waited for; one that
  /// has ended leaves nothing to do. `chain`: which coroutines wait for it.
  /// @par Errors  std::logic_error: they are those of a finalizer of this scope.
  static std::shared_ptr<Closing> begin(const std::shared_ptr<ScopeState>& scope, const Exit& exit,
                                        const asio::any_io_executor& executor, const void* chain);

  /// Set when the scope is closed.
  [[nodiscard]] const std::shared_ptr<Completion>& over() const noexcept { return over_; }
  /// What finalizers threw; once it is over, and only to who began.
  [[nodiscard]] CloseFailures failures() const { return failures_; }

 private:
  void start(const std::shared_ptr<Closing>& self, const std::shared_ptr<ScopeState>& scope,
             const Exit& exit, const asio::any_io_executor& executor);

  std::shared_ptr<Completion> over_;
  CloseFailures failures_;  // written before `over_` is set
};

/// Closes the scope; throws `first`, or what finalizers threw, when all is released.
/// ShutdownTimeout at the deadline; the finalizers go on.
[[nodiscard]] AwaitedEnd closeScope(std::shared_ptr<ScopeState> scope, std::exception_ptr first,
                                    Deadline deadline = std::nullopt);

}  // namespace persistance::layer::detail
