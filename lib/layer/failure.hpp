#pragma once
/// @file
/// Errors of the engine's own, and whose they are.

#include <exception>
#include <string>
#include <vector>

#include <persistance/layer/error.hpp>

namespace persistance::layer::detail {

using CloseFailures = std::vector<CloseError::Failed>;

/// The error of what was cancelled.
[[nodiscard]] std::exception_ptr aborted();
[[nodiscard]] bool isAborted(const std::exception_ptr& error);

[[nodiscard]] std::string textOf(const std::exception_ptr& error);

/// Adds what is not there yet: two layers may report one finalizer.
void addFailures(CloseFailures& all, CloseFailures more);

/// One error out of what failed first (may be null) and what finalizers threw (may be none): the
/// first, with a note of the others; null where nothing failed.
[[nodiscard]] std::exception_ptr combined(const std::exception_ptr& first, CloseFailures failures);

}  // namespace persistance::layer::detail
