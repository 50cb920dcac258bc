#pragma once
/// @file
/// Wrong wiring, answered at compile time. Each class below is instantiated where something is
/// wrong, with the service and the layer as its arguments, so the compiler's first words name them
/// and the sentence says what to write.

#include <type_traits>

#include <persistance/layer/detail/type_set.hpp>

namespace persistance::layer {

/// The questions that the sentences below answer; false where the compiler prints them.
template <class Service, class Layer>
inline constexpr bool isProvided = false;
template <class Service, class Layer>
inline constexpr bool isProvidedFromOutside = false;
template <class Service, class FirstLayer, class SecondLayer>
inline constexpr bool isProvidedOnce = false;
template <class Base, class Derived>
inline constexpr bool isProvidedAs = false;

namespace detail {

template <class Service, class Layer>
struct MissingService {
  static_assert(isProvided<Service, Layer>,
                "persistance::layer: this layer requires a service that nothing provides; write "
                "provide(layer, dependency) with a dependency that provides it (under a base "
                "class: effect<Base>(function))");
};

template <class Service, class Layer>
struct MissingParameter {
  static_assert(isProvided<Service, Layer>,
                "persistance::layer: the function takes a service that this layer does not "
                "provide; merge a layer that provides it into what is run");
};

template <class Service, class Layer>
struct ServiceInCycle {
  static_assert(isProvidedFromOutside<Service, Layer>,
                "persistance::layer: this layer requires a service that it provides itself: a "
                "cycle, or layers that are merged but need each other (provideMerge(self, "
                "dependency) lets self see its dependency)");
};

template <class Service, class FirstLayer, class SecondLayer>
struct ServiceProvidedTwice {
  static_assert(isProvidedOnce<Service, FirstLayer, SecondLayer>,
                "persistance::layer: two dependencies provide the same service; give provide one "
                "of them, or merge(first, second), in which the later one's is taken");
};

template <class Base, class Derived>
struct ProvidedAsDerived {
  static_assert(
      isProvidedAs<Base, Derived>,
      "persistance::layer: a service is wanted under its base class, and a layer gives it "
      "under its own; write effect<Base>(function), or succeed<Base>(pointer)");
};

// Also of classes that are only declared: those derive from nothing.
template <class S, class Base>
inline constexpr bool derives = !std::is_same_v<S, Base> && std::is_convertible_v<S*, Base*>;

template <class Base, class... S>
constexpr bool anyDerives(TypeSet<S...> /*given*/) {
  return (derives<S, Base> || ...);
}

template <class Base, class... S>
constexpr void sayDerived(TypeSet<S...> /*given*/) {
  (
      [] {
        if constexpr (derives<S, Base>) (void)ProvidedAsDerived<Base, S>{};
      }(),
      ...);
}

// Whether a layer that gives `Given` is meant, and lacks nothing but base classes.
template <class Given, class... S>
constexpr bool lacksOnlyBases(TypeSet<S...> /*wanted*/) {
  return ((contains<Given, S> || anyDerives<S>(Given{})) && ...);
}

template <class Given, class... S>
constexpr void sayBases(TypeSet<S...> /*wanted*/) {
  (
      [] {
        if constexpr (!contains<Given, S>) sayDerived<S>(Given{});
      }(),
      ...);
}

// Each member of `Missing` gets its sentence.
template <class Layer, class... S>
constexpr bool requiresNothing(TypeSet<S...> /*missing*/) {
  (
      [] {
        if constexpr (contains<typename Layer::Gives, S>) {
          (void)ServiceInCycle<S, Layer>{};
        } else {
          (void)MissingService<S, Layer>{};
        }
      }(),
      ...);
  return sizeof...(S) == 0;
}

template <class Layer, class... S>
constexpr bool givesAll(TypeSet<S...> /*missing*/) {
  (
      [] {
        if constexpr (anyDerives<S>(typename Layer::Gives{})) {
          sayDerived<S>(typename Layer::Gives{});
        } else {
          (void)MissingParameter<S, Layer>{};
        }
      }(),
      ...);
  return sizeof...(S) == 0;
}

template <class First, class Second, class... S>
constexpr void checkPair(TypeSet<S...> /*both*/) {
  ((void)ServiceProvidedTwice<S, First, Second>{}, ...);
}

// The services that two of the layers provide; each gets its sentence.
template <class First, class... Rest>
constexpr void checkProvidedOnce() {
  (checkPair<First, Rest>(
       Minus<typename First::Gives, Minus<typename First::Gives, typename Rest::Gives>>{}),
   ...);
  if constexpr (sizeof...(Rest) > 1) checkProvidedOnce<Rest...>();
}

}  // namespace detail
}  // namespace persistance::layer
