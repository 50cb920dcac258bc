#pragma once
/// @file
/// A lifetime, and what has to be done at its end.

#include <exception>
#include <memory>
#include <utility>

#include <persistance/asio.hpp>
#include <persistance/layer/awaited_end.hpp>
#include <persistance/layer/detail/finalizer.hpp>
#include <persistance/layer/exit.hpp>

namespace persistance::layer {

namespace detail {
struct ScopeState;
}

/// What was acquired, to be released together. A cheap handle: copies are the same scope.
///
/// A layer's function that takes a `Scope&` gets the one of its layer: what it adds there runs when
/// the last user of the layer lets go. What was added last ends first, each when the one before has
/// ended, every one of them whatever the others do.
///
/// @par Threads   Every operation may be called from any thread at once. The finalizers of a layer
///                run on the executor that its function ran on, those of other scopes on that of
///                the coroutine that closes.
/// @par Lifetime  Destroying the last handle of an open scope does not run its finalizers: they
///                have to be awaited. Its tasks are cancelled, and nobody waits for them. `run` and
///                `launch` close theirs on every way out. A layer's service lives until its last
///                finalizer and its last task have ended.
class Scope {
 public:
  Scope();
  explicit Scope(std::shared_ptr<detail::ScopeState> state) noexcept : state_(std::move(state)) {}

  /// Adds `f`, to be called as `f()` or `f(const Exit&)`; it returns nothing or
  /// `asio::awaitable<void>`. While the scope closes, `f` runs next; once it is closed, `f` runs at
  /// once, an asynchronous one on the executor that the scope was closed on.
  template <class F>
  void addFinalizer(F f) const {
    add(std::make_unique<detail::FinalizerOf<F>>(std::move(f)));
  }

  /// Runs `task` in the background, on the executor of the layer's function, until the scope
  /// closes: then, in its turn among the finalizers, it is cancelled and awaited; what else it then
  /// throws counts as thrown by a finalizer. Where it fails before that, the `run`, `launch`,
  /// ManagedRuntime or build under way that holds the layer ends with its error.
  /// @par Errors  ClosedError: the scope is closed. std::logic_error: the scope belongs to no layer
  ///              and to no run, so nobody would hear of a failure.
  void spawn(asio::awaitable<void> task) const;

  /// Runs the finalizers.
  ///
  /// Closing again does nothing; closing while another close runs waits for its end.
  ///
  /// @par Errors        CloseError with everything that finalizers threw. std::logic_error: awaited
  ///                    by a finalizer of this scope, which would wait for itself.
  /// @par Cancellation  None: what was begun is released, and this waits for it.
  [[nodiscard]] AwaitedEnd close(Exit exit = Exit()) const;

  [[nodiscard]] const std::shared_ptr<detail::ScopeState>& state() const noexcept { return state_; }

 private:
  void add(std::unique_ptr<detail::Finalizer> finalizer) const;

  std::shared_ptr<detail::ScopeState> state_;
};

}  // namespace persistance::layer
