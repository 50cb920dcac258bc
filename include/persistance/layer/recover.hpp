#pragma once
/// @file
/// What to do when a layer fails: orElse, catchAll, retry, tapError. By then all that the layer had
/// acquired is released. A cancellation is no failure, and passes.

#include <utility>

#include <persistance/layer/detail/late_recipe.hpp>
#include <persistance/layer/detail/returned.hpp>
#include <persistance/layer/handle.hpp>
#include <persistance/layer/schedule.hpp>

namespace persistance::layer {
namespace detail {

// Whichever is built, these are there.
template <class A, class B>
using Common = Minus<typename A::Gives, Minus<typename A::Gives, typename B::Gives>>;

}  // namespace detail

/// `first`, or `second` where it fails. Provides what both provide.
template <detail::AnyLayer First, detail::AnyLayer Second>
auto orElse(const First& first, const Second& second) {
  using Needs = detail::Union<typename First::Needs, typename Second::Needs>;
  return detail::LayerOf<Needs, detail::Common<First, Second>>(
      detail::orElseRecipe(first.ref(), second.ref()));
}

/// `layer`, or where it fails the layer that `f` returns. `f` takes nothing, or the error: as
/// `std::exception_ptr`, or as `const E&` of a std::exception, which catches only errors of that
/// class. After the error it may take services, which are required. Provides what both layers provide.
template <detail::AnyLayer L, class F>
auto catchAll(const L& layer, F f) {
  detail::checkWithError<F>();
  static_assert(detail::AnyLayer<detail::ResultOf<F>>,
                "persistance::layer::catchAll: the function returns no Layer");
  using Next = detail::ResultOf<F>;
  using Needs = detail::Union<detail::Union<typename L::Needs, detail::NeedsAfterError<F>>,
                              typename Next::Needs>;
  return detail::LayerOf<Needs, detail::Common<L, Next>>(detail::catchRecipe(
      layer.ref(), detail::makeFunction<detail::WithError>(std::move(f), detail::PutLayer())));
}

/// `layer`, tried again as the schedule says, each time built anew; at its end the last error.
template <detail::AnyLayer L>
L retry(const L& layer, Schedule schedule) {
  return L(detail::retryRecipe(layer.ref(), std::move(schedule)));
}

/// `layer`; where it fails, `f` is called with the error, as in catchAll, and the layer fails as it
/// would have. A failing `f` fails it with its own error.
template <detail::AnyLayer L, class F>
auto tapError(const L& layer, F f) {
  detail::checkWithError<F>();
  using Needs = detail::Union<typename L::Needs, detail::NeedsAfterError<F>>;
  return detail::LayerOf<Needs, typename L::Gives>(detail::tapErrorRecipe(
      layer.ref(), detail::makeFunction<detail::WithError>(std::move(f), detail::PutNothing())));
}

}  // namespace persistance::layer
