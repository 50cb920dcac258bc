#pragma once
/// @file
/// The schema of a type for which none was written down.

#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include <persistance/schema/array.hpp>
#include <persistance/schema/boolean.hpp>
#include <persistance/schema/bytes.hpp>
#include <persistance/schema/identity.hpp>
#include <persistance/schema/json.hpp>
#include <persistance/schema/map.hpp>
#include <persistance/schema/number.hpp>
#include <persistance/schema/optional.hpp>
#include <persistance/schema/pairs.hpp>
#include <persistance/schema/string.hpp>
#include <persistance/schema/time.hpp>
#include <persistance/schema/tuple.hpp>

namespace persistance::schema {

/// Specialise it for a type that is not yours:
/// `template <> struct persistance::schema::SchemaFor<Foreign> { static auto schema() {...} };`
template <class A>
struct SchemaFor {};

template <class A>
[[nodiscard]] auto of();

namespace detail {

template <class A>
concept DeclaresFor = requires { SchemaFor<A>::schema(); };
template <class A>
concept Declares = requires { A::schema(); };
template <class A>
inline constexpr bool never = false;

template <class A>
struct BuiltIn {};
template <>
struct BuiltIn<bool> {
  static auto schema() { return boolean(); }
};
template <Integer A>
struct BuiltIn<A> {
  static auto schema() { return integer<A>(); }
};
template <std::floating_point A>
  requires(!std::same_as<A, long double>)
struct BuiltIn<A> {
  static auto schema() { return number<A>(); }
};
template <>
struct BuiltIn<std::string> {
  static auto schema() { return string(); }
};
template <>
struct BuiltIn<nlohmann::json> {
  static auto schema() { return json(); }
};
template <>
struct BuiltIn<Unknown> {
  static auto schema() { return unknown(); }
};
template <class A>
struct BuiltIn<std::optional<A>> {
  static auto schema() { return optional(of<A>()); }
};
template <class A>
struct BuiltIn<std::vector<A>> {
  static auto schema() { return array(of<A>()); }
};
template <class A, class... Rest>
struct BuiltIn<std::map<std::string, A, Rest...>> {
  static auto schema() { return map<std::map<std::string, A, Rest...>>(of<A>()); }
};
template <class A, class... Rest>
struct BuiltIn<std::unordered_map<std::string, A, Rest...>> {
  static auto schema() { return map<std::unordered_map<std::string, A, Rest...>>(of<A>()); }
};
template <class K, class A, class... Rest>
struct BuiltIn<std::map<K, A, Rest...>> {
  static auto schema() { return map<std::map<K, A, Rest...>>(of<K>(), of<A>()); }
};
template <class K, class A, class... Rest>
struct BuiltIn<std::unordered_map<K, A, Rest...>> {
  static auto schema() { return map<std::unordered_map<K, A, Rest...>>(of<K>(), of<A>()); }
};
template <>
struct BuiltIn<std::vector<std::byte>> {
  static auto schema() { return bytes(); }
};
template <class... A>
struct BuiltIn<std::tuple<A...>> {
  static auto schema() { return tuple(of<A>()...); }
};
template <class A, class B>
struct BuiltIn<std::pair<A, B>> {
  static auto schema() { return pair(of<A>(), of<B>()); }
};
template <class A>
  requires(isTimePoint<A> || isDuration<A>)
struct BuiltIn<A> {
  static auto schema() { return IsoSchema<A>(); }
};
template <class A>
concept IsBuiltIn = requires {
  sizeof(BuiltIn<A>);
  BuiltIn<A>::schema;
};

}  // namespace detail

/// The schema of A: the one that it declares (a static member function `A::schema()`, or SchemaFor
/// specialised for it), else a built-in one (bool, integers, floating point, std::string, optional,
/// vector, map and unordered_map, tuple, pair, vector<std::byte>, points in time and durations as
/// ISO 8601 text, nlohmann::json, Unknown, each of any of these), else `json<A>()`.
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
