#pragma once
/// @file
/// What a function of the user's needs and gives, read from its type.

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include <persistance/layer/context.hpp>
#include <persistance/layer/node.hpp>
#include <persistance/layer/type_set.hpp>

namespace persistance::layer::detail {

template <class T>
struct AwaitableOf {
  static constexpr bool is = false;
  using type = T;
};
template <class T>
struct AwaitableOf<asio::awaitable<T>> {
  static constexpr bool is = true;
  using type = T;
};

// One parameter: which services it needs, and how it is made from a call.
template <class P>
struct Parameter {
  using S = std::remove_cv_t<std::remove_reference_t<P>>;
  static constexpr bool isService = std::is_lvalue_reference_v<P> && std::is_class_v<S>;
  using Needs = TypeSet<S>;
  static S& get(const Call& call) { return *static_cast<S*>(call.services.at(typeIdOf<S>).get()); }
};

template <class S>
struct SharedParameter {
  static constexpr bool isService = true;
  using Needs = TypeSet<S>;
  static std::shared_ptr<S> get(const Call& call) {
    return std::static_pointer_cast<S>(call.services.at(typeIdOf<S>));
  }
};
template <class S>
struct Parameter<std::shared_ptr<S>> : SharedParameter<S> {};
template <class S>
struct Parameter<const std::shared_ptr<S>&> : SharedParameter<S> {};

struct ScopeParameter {
  static constexpr bool isService = true;
  using Needs = TypeSet<>;
  static Scope& get(const Call& call) { return call.scope; }
};
template <>
struct Parameter<Scope&> : ScopeParameter {};
template <>
struct Parameter<const Scope&> : ScopeParameter {};
template <>
struct Parameter<Scope> : ScopeParameter {};

template <class... S>
struct ContextParameter {
  static constexpr bool isService = true;
  using Needs = MakeSet<S...>;
  static Context<S...> get(const Call& call) { return Context<S...>(call.services); }
};
template <class... S>
struct Parameter<Context<S...>> : ContextParameter<S...> {};
template <class... S>
struct Parameter<const Context<S...>&> : ContextParameter<S...> {};

template <class... P>
struct Parameters {
  static constexpr bool areServices = (Parameter<P>::isService && ...);
  using Needs = decltype((TypeSet<>{} | ... | typename Parameter<P>::Needs{}));

  template <class F>
  static decltype(auto) call(const F& f, const Call& call) {
    return f(Parameter<P>::get(call)...);
  }
};

// The type of a function: R(P...).
template <class F>
struct Signature : Signature<decltype(&F::operator())> {};
template <class R, class... P>
struct Signature<R(P...)> {
  using Result = R;
  using List = Parameters<P...>;
};
template <class R, class... P>
struct Signature<R (*)(P...)> : Signature<R(P...)> {};
template <class R, class... P>
struct Signature<R (*)(P...) noexcept> : Signature<R(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...)> : Signature<R(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...) const> : Signature<R(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...) noexcept> : Signature<R(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...) const noexcept> : Signature<R(P...)> {};

/// A user's function as a Function. `Put` takes its result: `static void put(Result, Given&)`, or
/// an object with such a member.
template <class F, class Put>
class FunctionOf final : public Function {
 public:
  using Result = typename Signature<F>::Result;

  explicit FunctionOf(F f, Put put = Put()) : f_(std::move(f)), put_(std::move(put)) {}

  asio::awaitable<void> call(const Call& call, Given& given) const override {
    if constexpr (AwaitableOf<Result>::is) {
      return finish(Signature<F>::List::call(f_, call), given, put_);
    } else if constexpr (std::is_void_v<Result>) {
      Signature<F>::List::call(f_, call);
      return {};
    } else {
      put_.put(Signature<F>::List::call(f_, call), given);
      return {};
    }
  }

 private:
  static asio::awaitable<void> finish(Result work, Given& given, const Put& put) {
    if constexpr (std::is_void_v<typename AwaitableOf<Result>::type>) {
      co_await std::move(work);
    } else {
      put.put(co_await std::move(work), given);
    }
  }

  F f_;
  Put put_;
};

// What a layer's function returns: a pointer to the service, or the service itself.
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
  if (!service)
    throw std::logic_error("persistance::layer: a layer gave a null pointer for " +
                           std::string(typeIdOf<S>.name()));
  return service;
}

template <class S>
struct PutService {
  template <class T>
  static void put(T value, Given& given) {
    std::shared_ptr<S> service = Returned<T>::share(std::move(value));
    given.services = Services(typeIdOf<S>, notNull(std::move(service)));
  }
};

struct PutNothing {};

// Where the service is left out, it is the one that the function returns.
struct Deduced;
template <class S, class F>
using ServiceOf = std::conditional_t<
    std::is_same_v<S, Deduced>,
    typename Returned<typename AwaitableOf<typename Signature<F>::Result>::type>::Service, S>;

template <class F>
using NeedsOf = typename Signature<F>::List::Needs;

}  // namespace persistance::layer::detail
