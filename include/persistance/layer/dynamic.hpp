#pragma once
/// @file
/// Layers that are made while they are built: suspend, unwrap, flatMap; and tap.

#include <string_view>
#include <utility>

#include <persistance/layer/detail/late_recipe.hpp>
#include <persistance/layer/detail/misuse.hpp>
#include <persistance/layer/detail/returned.hpp>
#include <persistance/layer/handle.hpp>
#include <persistance/layer/make.hpp>

namespace persistance::layer {
namespace detail {

// What `f` takes and `layer` does not give is required.
template <class Outer, class NeedsOfF>
using NeedsBeyond = Union<typename Outer::Needs, Minus<NeedsOfF, typename Outer::Gives>>;

template <AnyLayer L, class F>
auto flatMapLayer(const L& layer, F f, std::string_view name) {
  static_assert(AnyLayer<ResultOf<F>>, "persistance::layer: the function returns no Layer");
  Signature<F>::List::template check<F>();
  using Next = ResultOf<F>;
  using Needs = Union<NeedsBeyond<L, NeedsOf<F>>, typename Next::Needs>;
  return LayerOf<Needs, typename Next::Gives>(flatMapRecipe(
      layer.ref(), makeFunction(std::move(f), PutLayer()), name, ids<typename Next::Gives>()));
}

}  // namespace detail

/// The layer that `f` returns, a function or coroutine that is called when the layer is first
/// built: for layers that are expensive to describe, or that refer to each other. Two uses in one
/// build call it once. Its parameters are required, and so is what the layer requires that it
/// returns.
template <class F>
auto suspend(F f) {
  return detail::flatMapLayer(empty, std::move(f), "suspend");
}

/// The same, said of an `f` that looks at services before it decides.
template <class F>
auto unwrap(F f) {
  return suspend(std::move(f));
}

/// Builds `layer`, calls `f` with its services, and builds the layer that `f` returns. Only the
/// services of that one are seen outside. Both live until the whole is released.
template <detail::AnyLayer L, class F>
auto flatMap(const L& layer, F f) {
  return detail::flatMapLayer(layer, std::move(f), "flatMap");
}

/// `layer`, and `f` is called with its services once it is built; what `f` returns is dropped. A
/// failing `f` fails the layer.
template <detail::AnyLayer L, class F>
auto tap(const L& layer, F f) {
  detail::Signature<F>::List::template check<F>();
  using Needs = detail::NeedsBeyond<L, detail::NeedsOf<F>>;
  return detail::LayerOf<Needs, typename L::Gives>(
      detail::tapRecipe(layer.ref(), detail::makeFunction(std::move(f), detail::PutNothing())));
}

}  // namespace persistance::layer
