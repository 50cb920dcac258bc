#pragma once
/// @file
/// The schema of a type for which none was written down.

#include <persistance/schema/detail/built_in.hpp>
#include <persistance/schema/json.hpp>

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
template <class A>
inline constexpr bool never = false;

}  // namespace detail

/// The schema of A: the one that it declares (a static member function `A::schema()`, or SchemaFor
/// specialised for it), else a built-in one (bool, integers, floating point, std::string, optional,
/// vector, map and unordered_map, tuple, pair, vector<std::byte>, points in time and durations as
/// ISO 8601 text, nlohmann::json, Unknown; those that hold others, of any type with a schema, save an
/// optional directly in an optional), else `json<A>()`.
template <class A>
[[nodiscard]] auto of() {
  if constexpr (detail::DeclaresFor<A>) {
    return SchemaFor<A>::schema();
  } else if constexpr (detail::Declares<A>) {
    return A::schema();
  } else if constexpr (detail::IsBuiltIn<A>) {
    return detail::BuiltIn<A>::schema();
  } else if constexpr (JsonConvertible<A>) {
    return json<A>();
  } else {
    static_assert(
        detail::never<A>,
        "persistance: no schema for this type; give it one, `static auto schema() { return "
        "schema::object<A>(schema::field(\"name\", &A::name)); }`, or to_json and from_json");
  }
}

}  // namespace persistance::schema
