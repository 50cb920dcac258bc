#pragma once
/// @file
/// What is known of an error beside the error itself: whose it is, and which finalizers failed
/// after it.

#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>

#include "failure.hpp"

namespace persistance::layer::detail {

/// A moment in the order in which notes are written.
using NoteTime = std::uint64_t;
[[nodiscard]] NoteTime noteTime() noexcept;

/// Notes that `error`, which was thrown after `since`, is of `layer`; empty: of none. A note that is
/// younger than that stays, since it is of a build within. An older one is of an error that is gone,
/// and whose place this one has taken: errors are not kept alive for their notes.
void noteFailure(const std::exception_ptr& error, std::string_view layer, NoteTime since);

/// Adds what finalizers threw after `error`.
void noteFinalizers(const std::exception_ptr& error, const CloseFailures& failures);

/// An error of the engine's own, which nothing is noted of.
template <class Error>
[[nodiscard]] std::exception_ptr newError(Error error) {
  std::exception_ptr made = std::make_exception_ptr(std::move(error));
  noteFailure(made, {}, noteTime());
  return made;
}

}  // namespace persistance::layer::detail
