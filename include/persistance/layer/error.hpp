#pragma once
/// @file
/// What goes wrong when layers are built and closed.

#include <exception>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace persistance::layer {

/// Finalizers failed. A build, a `run` or a close throws this where the error of a finalizer has to
/// reach the caller too; an error that comes alone is thrown as it is.
class CloseError : public std::runtime_error {
 public:
  /// A finalizer's error, and the layer that the finalizer belongs to; empty: a scope of the
  /// caller's own.
  struct Failed {
    std::string layer;
    std::exception_ptr error;

    Failed(std::string layer_, std::exception_ptr error_)
        : layer(std::move(layer_)), error(std::move(error_)) {}
  };

  CloseError(std::exception_ptr cause, std::vector<Failed> errors);

  /// What had failed before, and made the scope close: what the layer's function or the body of
  /// `run` threw. Null where the scope was closed after a success.
  [[nodiscard]] const std::exception_ptr& cause() const noexcept { return cause_; }

  /// What the finalizers threw, in the order in which they ended; never empty.
  [[nodiscard]] const std::vector<Failed>& errors() const noexcept { return errors_; }

 private:
  std::exception_ptr cause_;
  std::vector<Failed> errors_;
};

/// A layer waits for itself: a `suspend`, `unwrap`, `flatMap` or `catchAll` gave a layer that
/// contains the one being built. what() names the layers of the cycle.
class CycleError : public std::logic_error {
 public:
  explicit CycleError(const std::string& path);
};

/// The scope that a layer was to be built into, or the runtime that was to build it, is closed.
class ClosedError : public std::logic_error {
 public:
  ClosedError();
};

/// Closing took longer than it was given. What was still running goes on running.
class ShutdownTimeout : public std::runtime_error {
 public:
  ShutdownTimeout();
};

/// The name of the layer whose function threw `error`, "app::Database"; empty where it came from no
/// layer. An error that a build throws is the function's own, so that it can be caught as what it
/// is; this is what to write into the log beside it.
///
///     catch (const std::exception& e) {
///       log(layer::failedLayer(std::current_exception()), e.what());
///     }
///
/// @par Threads  Any. The last 32 failures of the process are remembered.
[[nodiscard]] std::string failedLayer(const std::exception_ptr& error);

}  // namespace persistance::layer
