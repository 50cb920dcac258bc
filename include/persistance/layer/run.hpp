#pragma once
/// @file
/// Programs: run, launch, build.

#include <utility>

#include <persistance/layer/context.hpp>
#include <persistance/layer/detail/build.hpp>
#include <persistance/layer/error.hpp>
#include <persistance/layer/handle.hpp>
#include <persistance/layer/launch_options.hpp>
#include <persistance/layer/memo_map.hpp>
#include <persistance/layer/scope.hpp>

namespace persistance::layer {

/// Builds a layer, calls `f` with the services that its parameters name, and closes the layer on
/// every way out. `f` is a coroutine or a plain function. It may take a `Scope&` too: that of this
/// run, which closes when `f` has ended, before the layer is released. Runs that are given the
/// same map share their layers.
///
/// @par Returns       What `f` returned.
/// @par Errors        What the function of a layer, a task that it spawned or `f` threw, as it is,
///                    when everything is released. CloseError where only a finalizer failed.
/// @par Cancellation  Terminal; ends with operation_aborted, when everything is released.
/// @par Threads       Everything runs on the executor of the caller. `this_coro::executor` of what
///                    is called runs, posts and dispatches as that one, in its context; it is of a
///                    class of its own, so it does not compare equal. The function of a layer and
///                    its finalizers never overlap, but what they leave running in the background
///                    is serialised with nothing: where several threads run the executor, spawn on
///                    a strand, or await `run` on one.
/// @par Lifetime      `f` is kept until the end.
template <detail::AnyLayer L, class F>
[[nodiscard]] auto run(const L& layer, F f, MemoMap map = MemoMap()) {
  if constexpr (detail::runnable<L, F>()) {
    using Runner = detail::BodyRunner<F, detail::LayerRunner>;
    return Runner::run(std::move(f), detail::LayerRunner(layer.ref(), std::move(map)));
  } else {
    return detail::RunOf<F>();
  }
}

/// Builds a layer and keeps it until the awaiting coroutine is cancelled; then closes it. This is
/// the main of a server: spawn it, and emit a terminal cancellation on SIGTERM.
///
/// @par Errors        As run. ShutdownTimeout: the end took longer than
///                    `options.shutdownDeadline`, whatever it was that did not end; where a failure
///                    was the reason for the end, that is thrown, and failedFinalizers() has this.
/// @par Cancellation  Its only way to end well: terminal; ends with operation_aborted, when
///                    everything is released.
/// @par Threads       As run.
template <detail::AnyLayer L>
[[nodiscard]] asio::awaitable<void> launch(const L& layer, LaunchOptions options = {}) {
  if constexpr (detail::requiresNothing<L>(typename L::Needs{})) {
    return detail::launchServices(layer.ref(), options);
  } else {
    return {};
  }
}

/// Builds a layer into `scope`; closing the scope lets go of it. Builds that are given the same map
/// share their layers.
///
/// @par Returns       A Context of what the layer provides.
/// @par Errors        As run, but a task that fails later: nobody waits here to hear of that.
///                    ClosedError: the scope is closed, and the layer was released at once.
/// @par Cancellation  Terminal; ends with operation_aborted, after what had been acquired is
///                    released. Where another build waits for the same layers, those go on for it.
/// @par Threads       A layer is built on the executor of the first build that asks for it, and its
///                    finalizers run there too. Where the execution context of that one is gone,
///                    they run on the executor of the coroutine that closes the last scope.
template <detail::AnyLayer L>
[[nodiscard]] auto build(const L& layer, Scope scope, MemoMap map = MemoMap()) {
  using Maker = detail::ContextMaker<typename L::Gives>;
  if constexpr (detail::requiresNothing<L>(typename L::Needs{})) {
    return Maker::make(detail::buildServices(layer.ref(), std::move(scope), std::move(map)));
  } else {
    return decltype(Maker::make(asio::awaitable<detail::Services>()))();
  }
}

}  // namespace persistance::layer
