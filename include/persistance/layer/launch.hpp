#pragma once
/// @file
/// A layer as a program, or as part of one: launch, build.

#include <utility>

#include <persistance/layer.hpp>

namespace persistance::layer {

/// Builds a layer and keeps it until the awaiting coroutine is cancelled; then closes it. This is
/// the main of a server: spawn it, and emit a terminal cancellation on SIGTERM.
///
/// @par Errors        As run. ShutdownTimeout: the finalizers took longer than
///                    `options.shutdownDeadline`.
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
/// @par Errors        As run; ClosedError: the scope is closed, and the layer was released at once.
/// @par Cancellation  Terminal; ends with operation_aborted, after what had been acquired is
///                    released. Where another build waits for the same layers, those go on for it.
/// @par Threads       Layers are built on the executor of the first that asks for them, and closed
///                    on that of the last that lets go.
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
