#pragma once
/// @file
/// Wrong wiring, answered at compile time. Each class below is instantiated where something is
/// wrong, with the service and the layer as its arguments, so the compiler's first words name them
/// and the sentence says what to write.

#include <persistance/layer/detail/type_set.hpp>

namespace persistance::layer {

/// The questions that the sentences below answer; false where the compiler prints them.
template <class Service, class Layer>
inline constexpr bool isProvided = false;
template <class Service, class Layer>
inline constexpr bool isProvidedFromOutside = false;
template <class Service, class FirstLayer, class SecondLayer>
inline constexpr bool isProvidedOnce = false;
template <class Parameter, class Function>
inline constexpr bool isService = false;

namespace detail {

template <class Service, class Layer>
struct MissingService {
  static_assert(isProvided<Service, Layer>,
                "persistance::layer: this layer requires a service that nothing provides; write "
                "provide(layer, dependency) with a dependency that provides it");
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

template <class Parameter, class Function>
struct ParameterIsNoService {
  static_assert(isService<Parameter, Function>,
                "persistance::layer: a parameter of this function is no service; write Service&, "
                "std::shared_ptr<Service> or layer::Scope&");
};

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
  ((void)MissingParameter<S, Layer>{}, ...);
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
