#pragma once
/// @file
/// Functions that no layer can be made of, answered at compile time, in the manner of misuse.hpp.

namespace persistance::layer {

/// Further questions that are answered with false where something is wrong.
template <class Function>
inline constexpr bool hasReadableParameters = false;
template <class Function>
inline constexpr bool isConst = false;
template <class Function>
inline constexpr bool isFunctionObject = false;
template <class Parameter, class Function>
inline constexpr bool isService = false;
template <class Parameter, class Function>
inline constexpr bool isException = false;
template <class Returned, class Function>
inline constexpr bool isReturnedService = false;
template <class Returned, class Base>
inline constexpr bool isReturnedAs = false;
template <class Returned, class Function>
inline constexpr bool isReturnedValue = false;

namespace detail {

template <class Function>
struct FunctionIsGeneric {
  static_assert(hasReadableParameters<Function>,
                "persistance::layer: the parameters of this function say what it needs, and they "
                "cannot be read: it takes auto, or its operator() is overloaded; write the type of "
                "each parameter: Service&");
};

template <class Function>
struct FunctionIsMutable {
  static_assert(isConst<Function>,
                "persistance::layer: this function is mutable, and a layer may be built more than "
                "once; leave mutable out, and keep what changes in a service or behind a "
                "std::shared_ptr");
};

template <class Function>
struct FunctionIsMember {
  static_assert(isFunctionObject<Function>,
                "persistance::layer: this is a pointer to a member; write a lambda that takes its "
                "object: [](Service& service) { return service.member(); }");
};

template <class Parameter, class Function>
struct ParameterIsNoService {
  static_assert(isService<Parameter, Function>,
                "persistance::layer: a parameter of this function is no service; write Service&, "
                "std::shared_ptr<Service> or layer::Scope&");
};

template <class Parameter, class Function>
struct ErrorIsNoException {
  static_assert(isException<Parameter, Function>,
                "persistance::layer: the first parameter of this function takes the error, and it "
                "is of no exception type; write std::exception_ptr, or const E& of a class that "
                "derives from std::exception, and services after it");
};

template <class Returned, class Function>
struct ReturnedIsNoService {
  static_assert(isReturnedService<Returned, Function>,
                "persistance::layer: what this function returns is no service; return "
                "std::shared_ptr<Service>, std::unique_ptr<Service> or a Service, none of them "
                "const (what outlives the layer: reference(object); a Layer: unwrap(function))");
};

template <class Returned, class Base>
struct ReturnedIsNoBase {
  static_assert(isReturnedAs<Returned, Base>,
                "persistance::layer: what this function returns does not derive from the service "
                "that the layer is to give");
};

template <class Returned, class Function>
struct BodyReturnsReference {
  static_assert(isReturnedValue<Returned, Function>,
                "persistance::layer: this function returns a reference, and what it refers to may "
                "be released when its caller gets it; return a value");
};

}  // namespace detail
}  // namespace persistance::layer
