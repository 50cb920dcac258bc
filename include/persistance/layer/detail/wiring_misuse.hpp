#pragma once
/// @file
/// Wrong lists for `wire`, answered at compile time, in the manner of misuse.hpp. A list gets one
/// sentence at a time: the others are often its consequences.

#include <array>
#include <cstddef>
#include <tuple>
#include <utility>

#include <persistance/layer/detail/misuse.hpp>
#include <persistance/layer/detail/wiring.hpp>
#include <persistance/layer/handle.hpp>

namespace persistance::layer {

/// Further questions that are answered with false where something is wrong.
template <class... LayersInRing>
inline constexpr bool canBeOrdered = false;
template <class Layer>
inline constexpr bool isUsed = false;
template <class Argument>
inline constexpr bool isLayer = false;

namespace detail {

template <class Service, class Layer>
struct MissingInList {
  static_assert(isProvided<Service, Layer>,
                "persistance::layer::wire: this layer requires a service that no layer of the list "
                "provides; add a layer that provides it");
};

template <class Service>
struct MissingResult {
  static_assert(isProvided<Service, void>,
                "persistance::layer::wire: no layer of the list provides this service, which "
                "wire<...> is to give; add a layer that provides it");
};

template <class Service, class FirstLayer, class SecondLayer>
struct ProvidedTwiceInList {
  static_assert(isProvidedOnce<Service, FirstLayer, SecondLayer>,
                "persistance::layer::wire: two layers of the list provide the same service; leave "
                "one of them out, or give the one that needs its own by provide(layer, own)");
};

template <class Service, class... LayersInRing>
struct CycleInList {
  static_assert(canBeOrdered<LayersInRing...>,
                "persistance::layer::wire: these layers require each other in a ring, each a "
                "service of the next, and the last this Service of the first; none can be built "
                "before the others");
};

template <class Layer>
struct UnusedInList {
  static_assert(isUsed<Layer>,
                "persistance::layer::wire: nothing that is to be given requires this layer; leave "
                "it out, or name what it provides in wire<...>");
};

template <class Argument>
struct NoLayerInList {
  static_assert(isLayer<Argument>,
                "persistance::layer::wire: an argument is no Layer; write effect(function) or "
                "succeed(object)");
};

template <class Argument>
constexpr void sayNoLayer() {
  if constexpr (!AnyLayer<Argument>) (void)NoLayerInList<Argument>{};
}

template <std::size_t I, class Set>
struct SetMember;
template <std::size_t I, class... S>
struct SetMember<I, TypeSet<S...>> : std::tuple_element<I, std::tuple<S...>> {};

// A list of layers, its plan, and the sentence that it deserves.
template <class Results, class... L>
struct Wired {
  static constexpr std::array<Listed, sizeof...(L)> parts{
      Listed{ids<typename L::Needs>(), ids<typename L::Gives>()}...};
  static constexpr std::size_t needs = (L::Needs::List::size + ... + 0);
  static constexpr std::size_t gives = (L::Gives::List::size + ... + 0);
  static constexpr Wiring<sizeof...(L), needs, gives> wiring{parts, ids<Results>()};
  static constexpr Fault fault = wiring.fault;
  static constexpr bool isSound = fault.kind == Fault::Kind::none;

  template <std::size_t I>
  using At = std::tuple_element_t<I, std::tuple<L...>>;
  template <class Set>
  using Service = typename SetMember<fault.service, Set>::type;

  static constexpr void say() {
    using Kind = Fault::Kind;
    if constexpr (fault.kind == Kind::missing) {
      using Missing = Service<typename At<fault.layer>::Needs>;
      sayMissing<Missing, MissingInList<Missing, At<fault.layer>>>();
    } else if constexpr (fault.kind == Kind::missingResult) {
      sayMissing<Service<Results>, MissingResult<Service<Results>>>();
    } else if constexpr (fault.kind == Kind::twice) {
      using First = At<fault.layer>;
      (void)ProvidedTwiceInList<Service<typename First::Gives>, First, At<fault.other>>{};
    } else if constexpr (fault.kind == Kind::cycle) {
      sayRing(std::make_index_sequence<fault.other>());
    } else if constexpr (fault.kind == Kind::unused) {
      (void)UnusedInList<At<fault.layer>>{};
    }
  }

 private:
  // Often it is there, but given as a class that derives from it.
  template <class Missing, class Sentence>
  static constexpr void sayMissing() {
    if constexpr ((anyDerives<Missing>(typename L::Gives{}) || ...)) {
      (sayDerived<Missing>(typename L::Gives{}), ...);
    } else {
      (void)Sentence{};
    }
  }

  template <std::size_t... I>
  static constexpr void sayRing(std::index_sequence<I...>) {
    (void)CycleInList<Service<typename At<fault.layer>::Needs>, At<wiring.ring[I]>...>{};
  }
};

}  // namespace detail
}  // namespace persistance::layer
