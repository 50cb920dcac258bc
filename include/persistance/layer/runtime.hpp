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

  /// The services; builds them where that was not done yet. A build that failed is tried again by
  /// the next call.
  /// @par Errors        As run of the layer; ClosedError: it is disposed of.
  /// @par Cancellation  As build.
  [[nodiscard]] asio::awaitable<detail::Spelled<Context, Gives>> context() const {
    return detail::ContextMaker<Gives>::make(detail::runtimeServices(runtime_));
  }

  /// Calls `f` with the services that its parameters name.
  /// @par Errors        As context, and what `f` throws.
  /// @par Cancellation  Terminal, of the caller or by dispose; ends with operation_aborted.
  /// @par Threads       `f` runs on a strand over the executor of the caller.
  template <class F>
  [[nodiscard]] auto run(F f) const {
    if constexpr (detail::runnable<LayerType, F>()) {
      using Runner = detail::BodyRunner<F, detail::RuntimeRunner>;
      return Runner::run(std::move(f), detail::RuntimeRunner(runtime_));
    } else {
      return asio::awaitable<detail::ResultOf<F>>();
    }
  }

  /// Cancels every run, waits for their ends, and closes the layer. Again: does nothing.
  /// @par Errors        CloseError: finalizers failed. ShutdownTimeout: `deadline` passed.
  /// @par Cancellation  Waits for the end all the same, then ends with operation_aborted.
  [[nodiscard]] asio::awaitable<void> dispose(
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
