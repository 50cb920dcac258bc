#pragma once
/// @file
/// A flat list of layers that find each other: wire.

#include <utility>
#include <vector>

#include <persistance/layer/detail/wiring.hpp>
#include <persistance/layer/detail/wiring_misuse.hpp>
#include <persistance/layer/handle.hpp>

namespace persistance::layer {
namespace detail {

template <class... A, class... B>
constexpr auto operator+(TypeList<A...>, TypeList<B...>) {
  return TypeList<A..., B...>{};
}

template <class List>
struct SetOf;
template <class... S>
struct SetOf<TypeList<S...>> {
  using type = TypeSet<S...>;
};

// What all of them give. The sets are put together as lists, which have no members to inherit.
template <class... L>
using GivenByAll = typename SetOf<decltype((TypeList<>{} + ... + typename L::Gives::List{}))>::type;

template <class Wired, class Result, class... L>
Result wireList(const L&... layers) {
  if constexpr (Wired::isSound) {
    std::vector<Ref> all{layers.ref()...};
    return Result(wireRecipe(std::move(all), Wired::wiring.view()));
  } else {
    return Result(nullptr);
  }
}

}  // namespace detail

/// Puts a list of layers together, in any order: each gets what it requires from the others.
///
///     auto app = layer::wire<Server>(config, logger, database, users, orders, server);
///
/// Each layer is built once and shared by all that require it, those that do not need each other
/// side by side, and is released after the last that requires it. The result provides the services
/// `S...` only; without them, all that the layers provide. It requires nothing: everything has to
/// be in the list.
///
/// A service that is missing or provided twice, a ring, and, where `S...` are named, a layer that
/// none of them needs do not compile, and one sentence says which.
///
/// A layer that provides nothing (a background task) is there for what it does, and is always
/// built. Nothing waits for it: a migration of this kind may end after the server opens, wherever
/// it stands in the list. What has to come after it requires a service that it provides:
///
///     struct Migrated {};
///     auto migration = layer::effect([](Database& database) -> asio::awaitable<Migrated> { ... });
///     auto server = layer::scoped([](Users& users, Migrated&, layer::Scope& scope) ... );
template <class... S, class... L>
auto wire(const L&... layers) {
  using Named = Layer<Requires<>, Provides<S...>>;
  if constexpr ((detail::AnyLayer<L> && ...)) {
    using Wired = detail::Wired<detail::MakeSet<S...>, L...>;
    Wired::say();
    if constexpr (sizeof...(S) > 0 || !Wired::isSound) {
      return detail::wireList<Wired, Named>(layers...);
    } else {
      using All = detail::LayerOf<detail::TypeSet<>, detail::GivenByAll<L...>>;
      return detail::wireList<Wired, All>(layers...);
    }
  } else {
    (detail::sayNoLayer<L>(), ...);
    return Named(nullptr);
  }
}

}  // namespace persistance::layer
