#pragma once
/// @file
/// Further makers and connectors: sync, effectDiscard, empty, provideMerge, fresh, updateService.

#include <utility>

#include <persistance/layer.hpp>

namespace persistance::layer {

/// As effect, of a plain function.
template <class S = detail::Deduced, class F>
auto sync(F f) {
  static_assert(!detail::AwaitableOf<typename detail::Signature<F>::Result>::is,
                "persistance::layer::sync: the function is a coroutine; write effect");
  return detail::functionLayer<S>(std::move(f));
}

/// A layer that does something and provides nothing: a migration, a background task that its scope
/// ends. `f` is a coroutine or a plain function; what it returns is dropped.
template <class F>
auto effectDiscard(F f) {
  detail::Signature<F>::List::template check<F>();
  return detail::LayerOf<detail::NeedsOf<F>, detail::TypeSet<>>(detail::functionNode(
      detail::makeFunction(std::move(f), detail::PutNothing()), "effectDiscard", {}));
}

/// The layer that requires and provides nothing.
inline const Layer<Requires<>, Provides<>> empty{detail::succeedNode(detail::Services())};

/// As provide, and the services of `dependency` are seen outside too. Where both provide one, that
/// of `self` is.
template <detail::AnyLayer Self, detail::AnyLayer Dependency>
auto provideMerge(const Self& self, const Dependency& dependency) {
  using Gives = detail::Union<typename Self::Gives, typename Dependency::Gives>;
  return detail::LayerOf<detail::NeedsProvided<Self, Dependency>, Gives>(
      detail::provideNode(self.ref(), dependency.ref(), true));
}

/// A layer of its own: wherever it is used it is built anew, and nothing below it is shared with
/// what is outside. Below it, layers are shared as ever.
template <detail::AnyLayer L>
L fresh(const L& layer) {
  return L(detail::freshNode(layer.ref()));
}

/// `layer`, with another version of a service that it requires: `f` takes the service (and others,
/// if it likes) and returns the one that `layer` is to see.
template <class S, detail::AnyLayer L, class F>
auto updateService(const L& layer, F f) {
  return provide(layer, detail::functionLayer<S>(std::move(f)));
}

}  // namespace persistance::layer
