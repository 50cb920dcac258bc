#pragma once
/// @file
/// A service that outlives what is built: reference.

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include <persistance/layer/detail/recipe.hpp>
#include <persistance/layer/handle.hpp>

namespace persistance::layer {

/// A layer of an object that outlives all that is built from the layer: the io_context that the
/// program runs on, an object of main(). `reference<Base>(object)` gives it under a base class.
///
///     asio::io_context io;
///     auto app = layer::wire<Server>(layer::reference(io), server);
///
/// @par Lifetime  Nothing is kept alive: a std::shared_ptr that a function takes of it owns nothing.
template <class S>
Layer<Requires<>, Provides<S>> reference(S& service) {
  static_assert(!std::is_const_v<S>,
                "persistance::layer::reference: the object is const, and functions take services "
                "as Service&; give an object that is not const");
  std::shared_ptr<S> borrowed(std::shared_ptr<void>(), &service);
  return Layer<Requires<>, Provides<S>>(
      detail::succeedRecipe(detail::Services::one(typeIdOf<S>, std::move(borrowed))));
}

/// A temporary outlives nothing.
template <class S>
void reference(const S&& service) = delete;

/// The same: `succeed(std::ref(io))`.
template <class S>
Layer<Requires<>, Provides<S>> succeed(std::reference_wrapper<S> service) {
  return reference(service.get());
}

}  // namespace persistance::layer
