#pragma once
/// @file
/// What goes wrong when layers are built and closed.

#include <chrono>
#include <cstddef>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace persistance::layer {

/// Finalizers failed, and nothing had failed before. Where something had, that error is thrown as
/// it is, and failedFinalizers() tells of these.
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

  /// The error of the Exit that Scope::close was called with; null: none.
  [[nodiscard]] const std::exception_ptr& cause() const noexcept { return cause_; }

  /// What the finalizers threw, in the order in which they ended; never empty.
  [[nodiscard]] const std::vector<Failed>& errors() const noexcept { return errors_; }

 private:
  std::exception_ptr cause_;
  std::vector<Failed> errors_;
};

/// A layer waits for itself: a `suspend`, `unwrap`, `flatMap` or `catchAll` gave a layer that
/// contains the one being built; or the function of a layer, or its finalizer, awaits a build of
/// that layer. what() names the layers of the cycle.
class CycleError : public std::logic_error {
 public:
  explicit CycleError(const std::string& path);
};

/// The scope that a layer was to be built into, or the runtime that was to build it, is closed.
class ClosedError : public std::logic_error {
 public:
  ClosedError();
};

/// A LayerMap has as many keys as its `keyLimit` allows.
class LayerMapFull : public std::runtime_error {
 public:
  explicit LayerMapFull(std::size_t limit);
};

/// Closing took longer than it was given. What was still running goes on running.
class ShutdownTimeout : public std::runtime_error {
 public:
  ShutdownTimeout();
};

/// A layer was not built in the time that `timeout` gives it. What it had acquired is released.
class BuildTimeout : public std::runtime_error {
 public:
  BuildTimeout(std::string layer, std::chrono::milliseconds duration);

  /// The name of the first service of the layer.
  [[nodiscard]] const std::string& layer() const noexcept { return layer_; }

 private:
  std::string layer_;
};

/// The name of the layer whose function threw `error`, "app::Database"; empty where it came from no
/// layer. An error that a build throws is the function's own, so that it can be caught as what it
/// is; this is what to write into the log beside it.
///
///     catch (const std::exception& e) {
///       log(layer::failedLayer(std::current_exception()), e.what());
///     }
///
/// To be asked of what a build, a run, a launch or a runtime threw, while it is being handled: it is
/// not kept alive for this, so an error that is gone is forgotten when another one takes its place.
/// The last 32 failures of the process are known.
/// @par Threads  Any.
[[nodiscard]] std::string failedLayer(const std::exception_ptr& error);

/// What finalizers threw after `error` had made their scopes close: each with its layer and its
/// text. `error` itself is thrown as it is, whatever they throw. To be asked as failedLayer.
struct FinalizerFailure {
  std::string layer;
  std::string what;
};
[[nodiscard]] std::vector<FinalizerFailure> failedFinalizers(const std::exception_ptr& error);

}  // namespace persistance::layer
