#pragma once
/// @file
/// The schemas of the types that need no declaration.

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include <persistance/schema/array.hpp>
#include <persistance/schema/boolean.hpp>
#include <persistance/schema/byte_array.hpp>
#include <persistance/schema/char_array.hpp>
#include <persistance/schema/date.hpp>
#include <persistance/schema/fixed_array.hpp>
#include <persistance/schema/json.hpp>
#include <persistance/schema/map.hpp>
#include <persistance/schema/null.hpp>
#include <persistance/schema/number.hpp>
#include <persistance/schema/optional.hpp>
#include <persistance/schema/path.hpp>
#include <persistance/schema/pointer.hpp>
#include <persistance/schema/real_duration.hpp>
#include <persistance/schema/set.hpp>
#include <persistance/schema/string.hpp>
#include <persistance/schema/time.hpp>
#include <persistance/schema/tuple.hpp>
#include <persistance/schema/u8string.hpp>
#include <persistance/schema/unknown.hpp>
#include <persistance/schema/untagged.hpp>

namespace persistance::schema {

template <class A>
[[nodiscard]] auto of();

}  // namespace persistance::schema

namespace persistance::schema::detail {

template <class A>
inline constexpr bool isSet = false;
template <class... A>
inline constexpr bool isSet<std::set<A...>> = true;
template <class... A>
inline constexpr bool isSet<std::multiset<A...>> = true;
template <class... A>
inline constexpr bool isSet<std::unordered_set<A...>> = true;
template <class... A>
inline constexpr bool isSet<std::unordered_multiset<A...>> = true;

template <class A>
inline constexpr bool isMultimap = false;
template <class... A>
inline constexpr bool isMultimap<std::multimap<A...>> = true;
template <class... A>
inline constexpr bool isMultimap<std::unordered_multimap<A...>> = true;

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
  requires(!isWide<A>)
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
  requires(!std::is_array_v<A>)
struct BuiltIn<std::unique_ptr<A>> {
  static auto schema() { return pointer<std::unique_ptr<A>>(of<std::remove_const_t<A>>()); }
};
template <class A>
  requires(!std::is_array_v<A>)
struct BuiltIn<std::shared_ptr<A>> {
  static auto schema() { return pointer<std::shared_ptr<A>>(of<std::remove_const_t<A>>()); }
};
template <class A, class... Rest>
struct BuiltIn<std::vector<A, Rest...>> {
  static auto schema() { return array<std::vector<A, Rest...>>(of<A>()); }
};
template <class A, class... Rest>
struct BuiltIn<std::deque<A, Rest...>> {
  static auto schema() { return array<std::deque<A, Rest...>>(of<A>()); }
};
template <class A, class... Rest>
struct BuiltIn<std::list<A, Rest...>> {
  static auto schema() { return array<std::list<A, Rest...>>(of<A>()); }
};
template <class A, std::size_t N>
struct BuiltIn<std::array<A, N>> {
  static auto schema() { return fixedArray<std::array<A, N>>(of<A>()); }
};
template <class A, std::size_t N>
struct BuiltIn<A[N]> {
  static auto schema() { return fixedArray<A[N]>(of<A>()); }
};
template <std::size_t N>
struct BuiltIn<char[N]> {
  static auto schema() { return CharArraySchema<N>(); }
};
template <Byte A, class... Rest>
struct BuiltIn<std::vector<A, Rest...>> {
  static auto schema() { return byteArray<std::vector<A, Rest...>>(); }
};
template <Byte A, std::size_t N>
struct BuiltIn<std::array<A, N>> {
  static auto schema() { return byteArray<std::array<A, N>>(); }
};
template <Byte A, std::size_t N>
struct BuiltIn<A[N]> {
  static auto schema() { return byteArray<A[N]>(); }
};
template <class A>
  requires(isSet<A>)
struct BuiltIn<A> {
  static auto schema() { return set<A>(of<typename A::value_type>()); }
};
template <class A>
  requires(isMultimap<A>)
struct BuiltIn<A> {
  static auto schema() { return map<A>(of<typename A::key_type>(), of<typename A::mapped_type>()); }
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
  requires(isRealDuration<A>)
struct BuiltIn<A> {
  static auto schema() { return RealDurationSchema<A>(); }
};
template <>
struct BuiltIn<std::chrono::year_month_day> {
  static auto schema() { return date(); }
};
template <>
struct BuiltIn<std::u8string> {
  static auto schema() { return u8string(); }
};
template <PathLike A>
struct BuiltIn<A> {
  static auto schema() { return path<A>(); }
};
template <>
struct BuiltIn<std::monostate> {
  static auto schema() { return null(); }
};
template <class... A>
struct BuiltIn<std::variant<A...>> {
  static auto schema() { return untagged(of<A>()...); }
};

template <class A>
concept IsBuiltIn = requires {
  sizeof(BuiltIn<A>);
  BuiltIn<A>::schema;
};

}  // namespace persistance::schema::detail
