#pragma once
/// @file
/// Layers out of layers: merge, provide, provideMerge, fresh, updateService.

#include <utility>
#include <vector>

#include <persistance/layer/detail/misuse.hpp>
#include <persistance/layer/detail/returned.hpp>
#include <persistance/layer/handle.hpp>

namespace persistance::layer {

/// All of these layers, side by side: they are built together and know nothing of each other, and
/// are released together. Where two provide the same service, the later one's is taken.
template <detail::AnyLayer... L>
auto merge(const L&... layers) {
  using Needs = decltype((detail::TypeSet<>{} | ... | typename L::Needs{}));
  using Gives = decltype((detail::TypeSet<>{} | ... | typename L::Gives{}));
  std::vector<detail::Ref> all{layers.ref()...};
  return detail::LayerOf<Needs, Gives>(detail::mergeRecipe(std::move(all)));
}

/// Gives `self` what `dependency` provides. The dependency is built before it, and released after.
/// Only the services of `self` are seen outside, and what both still lack is required.
template <detail::AnyLayer Self, detail::AnyLayer Dependency>
auto provide(const Self& self, const Dependency& dependency) {
  return detail::LayerOf<detail::NeedsProvided<Self, Dependency>, typename Self::Gives>(
      detail::provideRecipe(self.ref(), dependency.ref(), false));
}

/// The same of several dependencies, merged. No two may provide the same service.
template <detail::AnyLayer Self, detail::AnyLayer First, detail::AnyLayer Second,
          detail::AnyLayer... More>
auto provide(const Self& self, const First& first, const Second& second, const More&... more) {
  detail::checkProvidedOnce<First, Second, More...>();
  return provide(self, merge(first, second, more...));
}

/// As provide, and the services of `dependency` are seen outside too. Where both provide one, that
/// of `self` is.
template <detail::AnyLayer Self, detail::AnyLayer Dependency>
auto provideMerge(const Self& self, const Dependency& dependency) {
  using Gives = detail::Union<typename Dependency::Gives, typename Self::Gives>;
  return detail::LayerOf<detail::NeedsProvided<Self, Dependency>, Gives>(
      detail::provideRecipe(self.ref(), dependency.ref(), true));
}

/// A layer of its own: wherever it is used it is built anew, and nothing below it is shared with
/// what is outside. Below it, layers are shared as ever.
template <detail::AnyLayer L>
L fresh(const L& layer) {
  return L(detail::freshRecipe(layer.ref()));
}

/// `layer`, with another version of a service that it requires: `f` takes the service (and others,
/// if it likes) and returns the one that `layer` is to see.
template <class S, detail::AnyLayer L, class F>
auto updateService(const L& layer, F f) {
  return provide(layer, detail::functionLayer<S>(std::move(f)));
}

}  // namespace persistance::layer
