#pragma once
/// @file
/// What a function of the user's needs and gives, read from its type.

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <persistance/layer/context.hpp>
#include <persistance/layer/detail/function_misuse.hpp>
#include <persistance/layer/detail/recipe.hpp>
#include <persistance/layer/detail/type_set.hpp>

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

// Pointers that are classes; they are no services themselves.
template <class T>
struct IsPointer : std::false_type {};
template <class T>
struct IsPointer<std::shared_ptr<T>> : std::true_type {};
template <class T, class D>
struct IsPointer<std::unique_ptr<T, D>> : std::true_type {};
template <class T>
struct IsPointer<std::optional<T>> : std::true_type {};

// One parameter: which services it needs, and how it is made from a call.
template <class P>
struct Parameter {
  using S = std::remove_cv_t<std::remove_reference_t<P>>;
  static constexpr bool isService =
      std::is_lvalue_reference_v<P> && std::is_class_v<S> && !IsPointer<S>::value;
  using Needs = TypeSet<S>;
  static S& get(const Call& call) { return *static_cast<S*>(call.services.at(typeIdOf<S>).get()); }
};

template <class S>
struct SharedParameter {
  static constexpr bool isService = std::is_class_v<S> && !std::is_const_v<S>;
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
  static Context<S...> get(const Call& call) {
    return Context<S...>(call.services.only(ids<MakeSet<S...>>()));
  }
};
template <class... S>
struct Parameter<Context<S...>> : ContextParameter<S...> {};
template <class... S>
struct Parameter<const Context<S...>&> : ContextParameter<S...> {};

template <class... P>
struct Parameters {
  static constexpr bool areServices = (Parameter<P>::isService && ...);
  using Needs = decltype((TypeSet<>{} | ... | typename Parameter<P>::Needs{}));

  // One sentence for each that is none.
  template <class F>
  static constexpr void check() {
    (
        [] {
          if constexpr (!Parameter<P>::isService) (void)ParameterIsNoService<P, F>{};
        }(),
        ...);
  }

  template <class F, class... Before>
  static decltype(auto) call(const F& f, const Call& call, Before&&... before) {
    return f(std::forward<Before>(before)..., Parameter<P>::get(call)...);
  }
};

// The type of a function: its result and its parameters; the first apart, for functions that take
// an error before the services.
template <class R, class... P>
struct SignatureOf {
  static constexpr bool isReadable = true;
  using Result = R;
  using List = Parameters<P...>;
  using Error = void;
  using AfterError = Parameters<>;
};
template <class R, class First, class... P>
struct SignatureOf<R, First, P...> {
  static constexpr bool isReadable = true;
  using Result = R;
  using List = Parameters<First, P...>;
  using Error = First;
  using AfterError = Parameters<P...>;
};

// A function that cannot be read gets its sentence, and then counts as one of nothing.
template <class Sentence>
struct NoSignature : Sentence, SignatureOf<void> {
  static constexpr bool isReadable = false;
};

// Of a class with one operator(). Layers keep their functions const: they may be built again.
template <class F, class Operator>
struct OperatorSignature : NoSignature<FunctionIsMutable<F>> {};
template <class F, class R, class C, class... P>
struct OperatorSignature<F, R (C::*)(P...) const> : SignatureOf<R, P...> {};
template <class F, class R, class C, class... P>
struct OperatorSignature<F, R (C::*)(P...) const noexcept> : SignatureOf<R, P...> {};

template <class F>
struct Signature : NoSignature<FunctionIsGeneric<F>> {};
template <class F>
  requires requires { &F::operator(); }
struct Signature<F> : OperatorSignature<F, decltype(&F::operator())> {};
template <class F>
  requires std::is_member_pointer_v<F>
struct Signature<F> : NoSignature<FunctionIsMember<F>> {};
template <class R, class... P>
struct Signature<R (*)(P...)> : SignatureOf<R, P...> {};
template <class R, class... P>
struct Signature<R (*)(P...) noexcept> : SignatureOf<R, P...> {};

template <class F>
using ResultOf = typename AwaitableOf<typename Signature<F>::Result>::type;
template <class F>
using NeedsOf = typename Signature<F>::List::Needs;

// Called with services only.
struct WithServices {
  template <class F>
  static constexpr bool isSound = Signature<F>::isReadable && Signature<F>::List::areServices;

  template <class F>
  static decltype(auto) call(const F& f, const Call& call) {
    return Signature<F>::List::call(f, call);
  }
};

// Called with the error first: `f()`, `f(std::exception_ptr, services...)`, or
// `f(const E&, services...)`, which lets errors that are no E pass.
struct WithError {
  // The error comes by value or as const E&, if it comes.
  template <class First>
  static constexpr bool takesError() {
    using E = std::decay_t<First>;
    if constexpr (std::is_void_v<First>) {
      return true;
    } else {
      return (std::is_same_v<E, std::exception_ptr> || std::is_base_of_v<std::exception, E>) &&
             std::is_convertible_v<const E&, First>;
    }
  }
  template <class F>
  static constexpr bool isSound =
      Signature<F>::isReadable && takesError<typename Signature<F>::Error>() &&
      Signature<F>::AfterError::areServices;

  template <class F>
  static auto call(const F& f, const Call& call) -> typename Signature<F>::Result {
    using First = typename Signature<F>::Error;
    if constexpr (std::is_void_v<First>) {
      return f();
    } else if constexpr (std::is_same_v<std::decay_t<First>, std::exception_ptr>) {
      return Signature<F>::AfterError::call(f, call, call.error);
    } else {
      try {
        std::rethrow_exception(call.error);
      } catch (const std::decay_t<First>& error) {
        return Signature<F>::AfterError::call(f, call, error);
      }
    }
  }
};
template <class F>
using NeedsAfterError = typename Signature<F>::AfterError::Needs;

template <class F>
constexpr void checkWithError() {
  using First = typename Signature<F>::Error;
  if constexpr (!WithError::takesError<First>()) (void)ErrorIsNoException<First, F>{};
  Signature<F>::AfterError::template check<F>();
}

/// A user's function as a Function. `How` calls it; `Put` takes its result.
template <class F, class Put, class How = WithServices>
class FunctionOf final : public Function {
 public:
  explicit FunctionOf(F f, Put put = Put()) : f_(std::move(f)), put_(std::move(put)) {}

  asio::awaitable<void> call(const Call& call, Given& given) const override {
    using Result = typename Signature<F>::Result;
    if constexpr (!How::template isSound<F>) {
      return {};
    } else if constexpr (AwaitableOf<Result>::is) {
      return finish(How::call(f_, call), given, put_);
    } else if constexpr (std::is_void_v<Result>) {
      How::call(f_, call);
      return {};
    } else {
      put_.put(How::call(f_, call), given);
      return {};
    }
  }

 private:
  template <class T>
  static asio::awaitable<void> finish(asio::awaitable<T> work, Given& given, const Put& put) {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(work);
    } else {
      put.put(co_await std::move(work), given);
    }
  }

  F f_;
  Put put_;
};

// Not make_unique: a unique_ptr to each function's own type is half of what a program of many
// layers takes to compile.
template <class How = WithServices, class Put, class F>
FunctionPtr makeFunction(F f, Put put) {
  return FunctionPtr(new FunctionOf<F, Put, How>(std::move(f), std::move(put)));
}

}  // namespace persistance::layer::detail
