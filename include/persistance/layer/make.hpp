#pragma once
/// @file
/// Layers of one service: succeed, sync, effect, scoped, effectDiscard, empty.

#include <memory>
#include <utility>

#include <persistance/layer/detail/returned.hpp>
#include <persistance/layer/handle.hpp>
#include <persistance/layer/scope.hpp>

namespace persistance::layer {

/// A layer of a service that is there already. Nothing is built, and nothing released.
/// @par Errors  std::logic_error: the pointer is null.
template <class S>
Layer<Requires<>, Provides<S>> succeed(std::shared_ptr<S> service) {
  static_assert(detail::Returned<std::shared_ptr<S>>::isService,
                "persistance::layer::succeed: the service is const, and functions take services as "
                "Service&; give a pointer to one that is not const");
  return Layer<Requires<>, Provides<S>>(
      detail::succeedRecipe(detail::Services::one(typeIdOf<S>, std::move(service))));
}

/// The same of a std::unique_ptr.
template <class S, class Deleter>
Layer<Requires<>, Provides<S>> succeed(std::unique_ptr<S, Deleter> service) {
  return succeed<S>(std::shared_ptr<S>(std::move(service)));
}

/// The same of a value.
template <class S>
Layer<Requires<>, Provides<S>> succeed(S service) {
  static_assert(detail::Returned<S>::isService,
                "persistance::layer::succeed: this is no service; give a Service or a "
                "std::shared_ptr of one (what outlives all layers: reference(object))");
  return succeed<S>(std::make_shared<S>(std::move(service)));
}

/// A layer whose service is made by `f`, a coroutine. The parameters of `f` are what the layer
/// requires: `Service&`, or `std::shared_ptr<Service>` where it is kept. It returns the service by
/// std::shared_ptr, std::unique_ptr or value; `effect<Interface>(f)` gives it under a base class.
/// Where `f` returns nothing, this is effectDiscard.
///
/// An exception is a failure of the build, and reaches the caller as it is; failedLayer() names
/// this layer. `f` lives as long as the layer, so what a lambda has captured stays alive.
template <class S = detail::Deduced, class F>
auto effect(F f) {
  return detail::functionLayer<S>(std::move(f));
}

/// The same, said of a layer that has something to release: `f` takes a `layer::Scope&` too, and
/// adds finalizers to it. They are awaited when the last user of the layer has let go, also where
/// `f` failed half-way.
template <class S = detail::Deduced, class F>
auto scoped(F f) {
  return effect<S>(std::move(f));
}

/// As effect, of a plain function.
template <class S = detail::Deduced, class F>
auto sync(F f) {
  static_assert(!detail::AwaitableOf<typename detail::Signature<F>::Result>::is,
                "persistance::layer::sync: the function is a coroutine; write effect");
  return effect<S>(std::move(f));
}

/// A layer that does something and provides nothing: a migration, a background task that its scope
/// ends. `f` is a coroutine or a plain function; what it returns is dropped.
template <class F>
auto effectDiscard(F f) {
  return detail::discardingLayer(std::move(f));
}

/// The layer that requires and provides nothing.
inline const Layer<Requires<>, Provides<>> empty{detail::succeedRecipe(detail::Services())};

}  // namespace persistance::layer
