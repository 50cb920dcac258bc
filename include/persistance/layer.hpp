#pragma once
/// @file
/// Layers: a server is put together from parts that say what they need.
///
///     auto config     = layer::succeed(Config{...});
///     auto database   = layer::scoped([](Config& config, layer::Scope& scope)
///                           -> asio::awaitable<std::shared_ptr<Database>> { ... });
///     auto users      = layer::effect([](Database& database)
///                           -> asio::awaitable<std::shared_ptr<Users>> { ... });
///     auto app        = layer::provide(users, layer::provide(database, config));
///     co_await layer::run(app, [](Users& users) -> asio::awaitable<void> { ... });
///
/// A **service** is an object of a class. A **layer** is a recipe for services: it knows which
/// services it requires (they are read from the parameters of its function) and which it provides.
/// Layers are put together into one that requires nothing; `run` builds that, each layer once
/// however many others use it, those that do not need each other side by side, and releases
/// everything in reverse, whatever happens. What does not fit together does not compile, and the
/// message names the service.
///
/// Six words are enough to start: **succeed, effect, scoped** make a layer; **provide, merge** put
/// layers together; **run** runs one. They are on this page. The rest is in the files at its end.

#include <memory>
#include <utility>

#include <persistance/layer/build.hpp>
#include <persistance/layer/error.hpp>
#include <persistance/layer/returned.hpp>

namespace persistance::layer {

/// A layer of a service that is there already. Nothing is built, and nothing released.
/// @par Errors  std::logic_error: the pointer is null.
template <class S>
Layer<Requires<>, Provides<S>> succeed(std::shared_ptr<S> service) {
  detail::Services services(typeIdOf<S>, detail::notNull(std::move(service)));
  return Layer<Requires<>, Provides<S>>(detail::succeedNode(std::move(services)));
}

/// The same of a value.
template <class S>
Layer<Requires<>, Provides<S>> succeed(S service) {
  return succeed<S>(std::make_shared<S>(std::move(service)));
}

/// A layer whose service is made by `f`, a coroutine. The parameters of `f` are what the layer
/// requires: `Service&`, or `std::shared_ptr<Service>` where it is kept. It returns the service by
/// std::shared_ptr, std::unique_ptr or value; `effect<Interface>(f)` gives it under a base class.
///
/// An exception is a failure of the build, and reaches the caller as it is; failedLayer() names
/// this layer. `f` lives as long as the layer, so what a lambda has captured stays alive.
template <class S = detail::Deduced, class F>
auto effect(F f) {
  return detail::functionLayer<S>(std::move(f));
}

/// A layer with something to release: `f` takes a `layer::Scope&` too, and adds finalizers to it.
/// They are awaited when the last user of the layer has let go, also where `f` failed half-way.
template <class S = detail::Deduced, class F>
auto scoped(F f) {
  return detail::functionLayer<S>(std::move(f));
}

/// All of these layers, side by side: they are built together and know nothing of each other, and
/// are released together. Where two provide the same service, the later one's is taken.
template <detail::AnyLayer... L>
auto merge(const L&... layers) {
  using Needs = decltype((detail::TypeSet<>{} | ... | typename L::Needs{}));
  using Gives = decltype((detail::TypeSet<>{} | ... | typename L::Gives{}));
  std::vector<detail::Ref> all{layers.ref()...};
  return detail::LayerOf<Needs, Gives>(detail::mergeNode(std::move(all)));
}

/// Gives `self` what `dependency` provides. The dependency is built before it, and released after.
/// Only the services of `self` are seen outside, and what both still lack is required.
template <detail::AnyLayer Self, detail::AnyLayer Dependency>
auto provide(const Self& self, const Dependency& dependency) {
  return detail::LayerOf<detail::NeedsProvided<Self, Dependency>, typename Self::Gives>(
      detail::provideNode(self.ref(), dependency.ref(), false));
}

/// The same of several dependencies, merged. No two may provide the same service.
template <detail::AnyLayer Self, detail::AnyLayer First, detail::AnyLayer Second,
          detail::AnyLayer... More>
auto provide(const Self& self, const First& first, const Second& second, const More&... more) {
  detail::checkProvidedOnce<First, Second, More...>();
  return provide(self, merge(first, second, more...));
}

/// Builds a layer, calls `f` with the services that its parameters name, and closes the layer on
/// every way out. `f` is a coroutine or a plain function. Runs that are given the same map share
/// their layers.
///
/// @par Returns       What `f` returned.
/// @par Errors        What the function of a layer or `f` threw, as it is, when everything is
///                    released. CloseError where a finalizer failed.
/// @par Cancellation  Terminal; ends with operation_aborted, when everything is released.
/// @par Threads       Functions of layers and finalizers run on a strand over the executor of the
///                    caller, `f` on that executor.
/// @par Lifetime      `f` is kept until the end.
template <detail::AnyLayer L, class F>
[[nodiscard]] auto run(const L& layer, F f, MemoMap map = MemoMap()) {
  if constexpr (detail::runnable<L, F>()) {
    using Runner = detail::BodyRunner<F, detail::LayerRunner>;
    return Runner::run(std::move(f), detail::LayerRunner(layer.ref(), std::move(map)));
  } else {
    return asio::awaitable<detail::ResultOf<F>>();
  }
}

}  // namespace persistance::layer

// Further makers and connectors: sync, effectDiscard, empty, provideMerge, fresh, updateService.
#include <persistance/layer/more.hpp>
// Layers that are made while they are built: suspend, unwrap, flatMap, tap.
#include <persistance/layer/dynamic.hpp>
// Failure: orElse, catchAll, retry, tapError.
#include <persistance/layer/recover.hpp>
// Programs: launch, build, ManagedRuntime.
#include <persistance/layer/launch.hpp>
#include <persistance/layer/runtime.hpp>
// Pictures: graph.
#include <persistance/layer/graph.hpp>
