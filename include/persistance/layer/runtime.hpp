#pragma once
/// @file
/// ManagedRuntime: a layer for code that is not itself made of layers.

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include <persistance/layer/detail/runtime.hpp>
#include <persistance/layer/handle.hpp>
#include <persistance/layer/memo_map.hpp>

namespace persistance::layer {
/// A layer that is built when it is first used, and kept until it is disposed of: the bridge from
/// handlers and tests to services.
///
///     layer::ManagedRuntime runtime(app);
///     co_await runtime.run([](Users& users) -> asio::awaitable<void> { ... });
///     co_await runtime.dispose();
///
/// A cheap handle: copies are the same runtime.
///
/// @par Threads   Every operation may be called from any thread at once.
/// @par Lifetime  Dispose of it: a destructor cannot await finalizers.
template <class... S>
class ManagedRuntime {
 public:
  using Gives = detail::MakeSet<S...>;

  /// Shares the layers of `map`, where one is given.
  template <class... P>
  explicit ManagedRuntime(const Layer<Requires<>, Provides<P...>>& layer, MemoMap map = MemoMap())
      : runtime_(detail::makeRuntime(layer.ref(), std::move(map))) {}

  /// A layer that requires something is refused with a sentence.
  template <class... N, class... P>
    requires(sizeof...(N) > 0)
  explicit ManagedRuntime(const Layer<Requires<N...>, Provides<P...>>&, MemoMap = MemoMap()) {
    using L = Layer<Requires<N...>, Provides<P...>>;
    if constexpr (detail::requiresNothing<L>(typename L::Needs{})) return;
  }

  /// The services; builds them where that was not done yet. A build that failed is tried again by
  /// the next call.
  /// @par Errors        As run of the layer; ClosedError: it is disposed of.
  /// @par Cancellation  As build.
  [[nodiscard]] asio::awaitable<detail::Spelled<Context, Gives>> context() const {
    return detail::ContextMaker<Gives>::make(detail::runtimeServices(runtime_));
  }

  /// Calls `f` with the services that its parameters name. A `Scope&` is this run's own: it closes
  /// when `f` has ended.
  /// @par Errors        As context, and what `f` throws. Where a task of a layer has failed, its
  ///                    error, then and in every later call.
  /// @par Cancellation  Terminal, of the caller or by dispose; ends with operation_aborted.
  template <class F>
  [[nodiscard]] auto run(F f) const {
    if constexpr (detail::runnable<LayerType, F>()) {
      using Runner = detail::BodyRunner<F, detail::RuntimeRunner>;
      return Runner::run(std::move(f), detail::RuntimeRunner(runtime_));
    } else {
      return detail::RunOf<F>();
    }
  }

  /// Cancels every build and every run, waits for their ends, and closes the layer. Called again,
  /// also after a ShutdownTimeout, it waits for the end of that; where the execution context of an
  /// earlier call is gone, it closes what is left. Inside of a run it cancels that run like the others,
  /// waits for the others only, and closes the layer, while the run that awaits it is still there:
  /// its services are released by then, so let it end with that.
  /// @par Errors        CloseError: finalizers failed. ShutdownTimeout: `deadline` passed; what was
  ///                    begun goes on. std::logic_error: awaited by a function or a finalizer of
  ///                    the layer, for which it would wait.
  /// @par Cancellation  None: it waits for the end.
  [[nodiscard]] AwaitedEnd dispose(
      std::optional<std::chrono::milliseconds> deadline = std::nullopt) const {
    return detail::runtimeDispose(runtime_, deadline);
  }

 private:
  using LayerType = Layer<Requires<>, Provides<S...>>;
  std::shared_ptr<detail::Runtime> runtime_;
};

template <class... S>
ManagedRuntime(const Layer<Requires<>, Provides<S...>>&) -> ManagedRuntime<S...>;
template <class... S>
ManagedRuntime(const Layer<Requires<>, Provides<S...>>&, MemoMap) -> ManagedRuntime<S...>;

}  // namespace persistance::layer
