#pragma once
/// @file
/// What goes wrong when layers are built and closed.

#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

namespace persistance::layer {

/// Finalizers failed. A build, a `run` or a close throws this where the error of a finalizer has to
/// reach the caller too; an error that comes alone is thrown as it is.
class CloseError : public std::runtime_error {
 public:
  CloseError(std::exception_ptr cause, std::vector<std::exception_ptr> errors);

  /// What had failed before, and made the scope close: what the layer's function or the body of
  /// `run` threw. Null where the scope was closed after a success.
  [[nodiscard]] const std::exception_ptr& cause() const noexcept { return cause_; }

  /// What the finalizers threw, in the order in which they ran; never empty.
  [[nodiscard]] const std::vector<std::exception_ptr>& errors() const noexcept { return errors_; }

 private:
  std::exception_ptr cause_;
  std::vector<std::exception_ptr> errors_;
};

namespace detail {

/// Throws what a caller is to see of `cause` (may be null) and of what finalizers threw.
void throwAll(const std::exception_ptr& cause, std::vector<std::exception_ptr> errors);

}  // namespace detail
}  // namespace persistance::layer
