#pragma once
/// @file
/// What a layer's function returns: a service, a layer, or nothing that is kept.

#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include <persistance/layer/detail/function.hpp>
#include <persistance/layer/handle.hpp>

namespace persistance::layer::detail {

// A service comes by pointer or by value. What is none is still called by its name.
template <class T>
struct Returned {
  using Service = T;
  static constexpr bool isService = std::is_class_v<T> && !std::is_const_v<T> && !AnyLayer<T>;
};
template <class T>
struct ReturnedPointer {
  using Service = std::remove_const_t<T>;
  static constexpr bool isService = std::is_class_v<T> && !std::is_const_v<T>;
};
template <class T>
struct Returned<std::shared_ptr<T>> : ReturnedPointer<T> {};
template <class T, class Deleter>
struct Returned<std::unique_ptr<T, Deleter>> : ReturnedPointer<T> {};

template <class T>
struct NoReturned {
  using Service = std::remove_const_t<T>;
  static constexpr bool isService = false;
};
template <class T>
struct Returned<T*> : NoReturned<T> {};
template <class T>
struct Returned<T&> : NoReturned<T> {};
template <class T>
struct Returned<std::optional<T>> : NoReturned<T> {};

template <class S>
struct PutService {
  template <class T>
  void put(std::shared_ptr<T> service, Given& given) const {
    std::shared_ptr<S> pointer = std::move(service);
    given.services = Services::one(typeIdOf<S>, std::move(pointer));
  }
  template <class T, class Deleter>
  void put(std::unique_ptr<T, Deleter> service, Given& given) const {
    put(std::shared_ptr<S>(std::move(service)), given);
  }
  template <class T>
  void put(T service, Given& given) const {
    put(std::make_shared<T>(std::move(service)), given);
  }
};

struct PutLayer {
  template <class R, class P>
  void put(Layer<R, P> layer, Given& given) const {
    given.layer = layer.ref();
  }
};

struct PutNothing {
  template <class T>
  void put(T&&, Given&) const {}
};

// Where the service is left out, it is the one that the function returns.
struct Deduced;
template <class S, class F>
struct ServiceOf {
  using type = S;
};
template <class F>
struct ServiceOf<Deduced, F> {
  using type = typename Returned<ResultOf<F>>::Service;
};

// Whether the function gives `S`; else it gets its sentence.
template <class S, class F>
constexpr bool isGiven() {
  using Result = ResultOf<F>;
  if constexpr (!Returned<Result>::isService) {
    (void)ReturnedIsNoService<Result, F>{};
  } else if constexpr (!std::is_convertible_v<typename Returned<Result>::Service*, S*>) {
    (void)ReturnedIsNoBase<Result, S>{};
  } else {
    return true;
  }
  return false;
}

template <class F>
auto discardingLayer(F f) {
  Signature<F>::List::template check<F>();
  return LayerOf<NeedsOf<F>, TypeSet<>>(functionRecipe(makeFunction(std::move(f), PutNothing()),
                                                       "effectDiscard", std::span<const TypeId>()));
}

// A function that returns nothing gives nothing.
template <class S, class F>
auto functionLayer(F f) {
  using Gives = typename ServiceOf<S, F>::type;
  if constexpr (std::is_void_v<Gives>) {
    return discardingLayer(std::move(f));
  } else if constexpr (!isGiven<Gives, F>()) {
    return LayerOf<NeedsOf<F>, TypeSet<Gives>>(nullptr);
  } else {
    Signature<F>::List::template check<F>();
    return LayerOf<NeedsOf<F>, TypeSet<Gives>>(
        functionRecipe(makeFunction(std::move(f), PutService<Gives>()), typeIdOf<Gives>.name(),
                       ids<TypeSet<Gives>>()));
  }
}

}  // namespace persistance::layer::detail
