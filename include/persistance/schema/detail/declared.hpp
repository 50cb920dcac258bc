#pragma once
/// @file
/// What a type declares as its schema.

#include <concepts>
#include <type_traits>

#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// Specialise it for a type that is not yours:
/// `template <> struct persistance::schema::SchemaFor<Foreign> { static auto schema() {...} };`
template <class A>
struct SchemaFor {};

namespace detail {

template <class A>
concept DeclaresFor = requires { SchemaFor<A>::schema(); };
template <class A>
concept Declares = requires { A::schema(); };

template <class S, class A>
inline constexpr bool isSchemaFor = false;
template <class S, class A>
  requires std::same_as<typename S::Value, A>
inline constexpr bool isSchemaFor<S, A> = SchemaLike<S>;

/// And not of a base class, and not something else of that name.
template <class A>
concept DeclaresOwn = isSchemaFor<std::remove_cvref_t<decltype(A::schema())>, A>;

struct NamesSchema {
  void schema();
};
template <class A>
struct AlsoNamesSchema : A, NamesSchema {};

/// Whether A has any member of that name, one that cannot be used included: then the name is
/// ambiguous in a class that has both.
template <class A>
inline constexpr bool namesSchema = false;
template <class A>
  requires(std::is_class_v<A> && !std::is_final_v<A>)
inline constexpr bool namesSchema<A> = !requires { &AlsoNamesSchema<A>::schema; };

}  // namespace detail
}  // namespace persistance::schema
