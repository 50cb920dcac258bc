#pragma once
/// @file
/// Layers, and layers out of layers.

#include <memory>
#include <type_traits>
#include <utility>

#include <persistance/layer/function.hpp>
#include <persistance/layer/handle.hpp>

namespace persistance::layer {
namespace detail {

template <class S, class F>
auto functionLayer(F f) {
  static_assert(Signature<F>::List::areServices,
                "persistance::layer: a parameter of a layer's function is no service: write "
                "Service&, std::shared_ptr<Service> or layer::Scope&");
  using Gives = ServiceOf<S, F>;
  auto function = std::make_unique<const FunctionOf<F, PutService<Gives>>>(std::move(f));
  return LayerOf<NeedsOf<F>, TypeSet<Gives>>(
      functionNode(std::move(function), std::string(typeIdOf<Gives>.name())));
}

template <class... L>
auto mergeOf(const L&... layers) {
  std::vector<Ref> all;
  (all.push_back(layers.ref()), ...);
  return mergeNode(std::move(all));
}

template <class Self, class Dependency>
using NeedsProvided =
    Union<Minus<typename Self::Needs, typename Dependency::Gives>, typename Dependency::Needs>;

}  // namespace detail

/// A layer that gives a service which is there already. Nothing is built and nothing released.
template <class S>
[[nodiscard]] Layer<Requires<>, Provides<S>> succeed(std::shared_ptr<S> service) {
  return Layer<Requires<>, Provides<S>>(
      detail::succeedNode(detail::Services(typeIdOf<S>, detail::notNull(std::move(service)))));
}

/// The same of a value.
template <class S>
[[nodiscard]] Layer<Requires<>, Provides<S>> succeed(S service) {
  return succeed<S>(std::make_shared<S>(std::move(service)));
}

/// A layer from a plain function that makes the service; its parameters are what it requires.
template <class S = detail::Deduced, class F>
[[nodiscard]] auto sync(F f) {
  static_assert(!detail::AwaitableOf<typename detail::Signature<F>::Result>::is,
                "persistance::layer::sync: the function is a coroutine; write effect");
  return detail::functionLayer<S>(std::move(f));
}

/// A layer from a coroutine that makes the service; its parameters are what it requires.
///
/// The function returns the service by std::shared_ptr, by std::unique_ptr or by value, from a
/// coroutine. It is kept for as long as the layer, so what a lambda captured stays alive.
template <class S = detail::Deduced, class F>
[[nodiscard]] auto effect(F f) {
  return detail::functionLayer<S>(std::move(f));
}

/// A layer that has something to release: the function also takes a `layer::Scope&`, and adds its
/// finalizers there. They are awaited when the last user of the layer lets go.
template <class S = detail::Deduced, class F>
[[nodiscard]] auto scoped(F f) {
  return detail::functionLayer<S>(std::move(f));
}

/// All of them, built together; they know nothing of each other. Where two give the same service,
/// the later one's is given. They are released together too.
template <class... L>
[[nodiscard]] auto merge(const L&... layers) {
  static_assert((detail::isLayer<L> && ...), "persistance::layer::merge: the arguments are Layers");
  using Needs = decltype((detail::TypeSet<>{} | ... | typename L::Needs{}));
  using Gives = decltype((detail::TypeSet<>{} | ... | typename L::Gives{}));
  return detail::LayerOf<Needs, Gives>(detail::mergeOf(layers...));
}

/// Gives `self` what `dependency` provides. Only self's services are visible outside; what neither
/// has remains required. The dependency is built before and released after.
template <class Self, class Dependency>
[[nodiscard]] auto provide(const Self& self, const Dependency& dependency) {
  using Needs = detail::NeedsProvided<Self, Dependency>;
  return detail::LayerOf<Needs, typename Self::Gives>(
      detail::provideNode(self.ref(), dependency.ref(), false));
}

/// The same of several dependencies, merged.
template <class Self, class First, class Second, class... More>
[[nodiscard]] auto provide(const Self& self, const First& first, const Second& second,
                           const More&... more) {
  return provide(self, merge(first, second, more...));
}

/// As provide, and the dependency's services stay visible; where both give one, self's is given.
template <class Self, class Dependency>
[[nodiscard]] auto provideMerge(const Self& self, const Dependency& dependency) {
  using Needs = detail::NeedsProvided<Self, Dependency>;
  using Gives = detail::Union<typename Self::Gives, typename Dependency::Gives>;
  return detail::LayerOf<Needs, Gives>(detail::provideNode(self.ref(), dependency.ref(), true));
}

/// The same layer, built anew wherever it is used: nothing below it is shared with the outside.
template <class L>
[[nodiscard]] L fresh(const L& layer) {
  return L(detail::freshNode(layer.ref()));
}

/// The layer that requires and gives nothing.
inline const Layer<Requires<>, Provides<>> empty{detail::succeedNode(detail::Services())};

}  // namespace persistance::layer
