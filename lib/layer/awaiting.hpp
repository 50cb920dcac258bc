#pragma once
/// @file
/// What programs wait for: the answer of a build, and the end after a cancellation.

#include <memory>

#include <persistance/layer/awaited_end.hpp>

#include "completion.hpp"
#include "root.hpp"

namespace persistance::layer::detail {

/// The rest of a wait that a cancellation ended.
[[nodiscard]] AwaitedEnd waitAfterCancel(std::shared_ptr<Completion> over, Deadline deadline);

/// Asks, waits for the answer, and puts what was built into `scope`.
/// @par Errors        What the build failed with. ClosedError: the scope is closed, and what was
///                    built is released. ShutdownTimeout: it is cancelled, and the deadline passed.
/// @par Cancellation  Ends with operation_aborted, when everything is released.
[[nodiscard]] asio::awaitable<Services> awaitAnswer(std::shared_ptr<Root> root, Scope scope,
                                                    Deadline deadline);

}  // namespace persistance::layer::detail
