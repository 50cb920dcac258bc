#pragma once
/// @file
/// What is told of a build: observe; and how long it may take: timeout.

#include <chrono>
#include <utility>

#include <persistance/layer/detail/late_recipe.hpp>
#include <persistance/layer/error.hpp>
#include <persistance/layer/handle.hpp>
#include <persistance/layer/layer_event.hpp>

namespace persistance::layer {

/// `layer`, and `observer` is told of each layer of a function that is built in it, also far below:
/// when its function is called, when it is built or has failed, when its release begins and ends.
/// A layer that was there already is told to who built it. A copy of `observer` is kept as long as
/// the layer is.
template <detail::AnyLayer L>
L observe(const L& layer, Observer observer) {
  return L(detail::observedRecipe(layer.ref(), std::move(observer)));
}

/// `layer`, which fails with BuildTimeout where it is not built after `duration`: its build is
/// cancelled, and what it had acquired is released before the error comes.
template <detail::AnyLayer L>
L timeout(const L& layer, std::chrono::milliseconds duration) {
  return L(detail::limitedRecipe(layer.ref(), duration));
}

}  // namespace persistance::layer
