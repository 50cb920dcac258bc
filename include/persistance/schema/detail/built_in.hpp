#pragma once
/// @file
/// The schemas of the types that need no declaration.

#include <concepts>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <persistance/schema/array.hpp>
#include <persistance/schema/boolean.hpp>
#include <persistance/schema/bytes.hpp>
#include <persistance/schema/json.hpp>
#include <persistance/schema/map.hpp>
#include <persistance/schema/number.hpp>
#include <persistance/schema/optional.hpp>
#include <persistance/schema/string.hpp>
#include <persistance/schema/time.hpp>
#include <persistance/schema/tuple.hpp>
#include <persistance/schema/unknown.hpp>

namespace persistance::schema {

template <class A>
[[nodiscard]] auto of();

}  // namespace persistance::schema

namespace persistance::schema::detail {

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

}  // namespace persistance::schema::detail
