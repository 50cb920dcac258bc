#pragma once
/// @file
/// Errors of the worker's own, and whose they are.

#include <exception>
#include <string_view>
#include <vector>

#include <persistance/layer/error.hpp>

namespace persistance::layer::detail {

using CloseFailures = std::vector<CloseError::Failed>;

/// The error of what was cancelled.
[[nodiscard]] std::exception_ptr aborted();

/// Remembers whose error it is.
void noteFailure(const std::exception_ptr& error, std::string_view layer);

/// Adds what is not there yet: two layers may report one finalizer.
void addFailures(CloseFailures& all, CloseFailures more);

/// One error out of what failed first (may be null) and what finalizers threw (may be none): null
/// where nothing failed.
[[nodiscard]] std::exception_ptr combined(const std::exception_ptr& cause, CloseFailures failures);

}  // namespace persistance::layer::detail
