#pragma once
/// @file
/// Closing a scope from a coroutine.

#include <chrono>
#include <memory>
#include <optional>

#include <persistance/asio.hpp>
#include <persistance/layer/scope.hpp>

#include "failure.hpp"

namespace persistance::layer::detail {

/// How a close went.
struct Closing {
  CloseFailures failures;
  bool cancelled = false;  // a cancellation came meanwhile
  bool finished = true;    // else the deadline passed, and the finalizers go on without us

  /// The error to be thrown after a close that `cause` led to; null where all is well.
  [[nodiscard]] std::exception_ptr error(const std::exception_ptr& cause) const;
};

using Deadline = std::optional<std::chrono::milliseconds>;

/// Closes the scope and waits for its end, whatever cancellation comes. Where another close runs,
/// only waits.
[[nodiscard]] asio::awaitable<Closing> closeScope(std::shared_ptr<ScopeState> scope, Exit exit,
                                                  Deadline deadline = std::nullopt);

}  // namespace persistance::layer::detail
