#pragma once
/// @file
/// How something ended.

#include <exception>
#include <utility>

namespace persistance::layer {

/// How the thing ended that a scope was opened for.
class Exit {
 public:
  /// It succeeded.
  Exit() noexcept = default;
  /// It ended with `error`; a cancellation is an `operation_aborted`.
  explicit Exit(std::exception_ptr error) noexcept : error_(std::move(error)) {}

  [[nodiscard]] bool succeeded() const noexcept { return error_ == nullptr; }
  /// Null where it succeeded.
  [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

 private:
  std::exception_ptr error_;
};

}  // namespace persistance::layer
