#pragma once
/// @file
/// What a layer's function returns: a service, a layer, or nothing that is kept.

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include <persistance/layer/function.hpp>
#include <persistance/layer/handle.hpp>

namespace persistance::layer::detail {

// A service comes by pointer or by value.
template <class T>
struct Returned {
  using Service = T;
  static std::shared_ptr<T> share(T value) { return std::make_shared<T>(std::move(value)); }
};
template <class T>
struct Returned<std::shared_ptr<T>> {
  using Service = T;
  static std::shared_ptr<T> share(std::shared_ptr<T> pointer) { return pointer; }
};
template <class T>
struct Returned<std::unique_ptr<T>> {
  using Service = T;
  static std::shared_ptr<T> share(std::unique_ptr<T> pointer) { return pointer; }
};

template <class S>
std::shared_ptr<S> notNull(std::shared_ptr<S> service) {
  if (service) return service;
  throw std::logic_error("persistance::layer: the layer of " + std::string(typeIdOf<S>.name()) +
                         " gave a null pointer");
}

template <class S>
struct PutService {
  template <class T>
  void put(T value, Given& given) const {
    std::shared_ptr<S> service = Returned<T>::share(std::move(value));
    given.services = Services(typeIdOf<S>, notNull(std::move(service)));
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

template <class S, class F>
auto functionLayer(F f) {
  Signature<F>::List::template check<F>();
  using Gives = typename ServiceOf<S, F>::type;
  return LayerOf<NeedsOf<F>, TypeSet<Gives>>(
      functionNode(makeFunction(std::move(f), PutService<Gives>()), typeIdOf<Gives>.name(),
                   ids<TypeSet<Gives>>()));
}

}  // namespace persistance::layer::detail
