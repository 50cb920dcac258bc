#pragma once
/// @file
/// The enumerators of an enumeration, by the names that they have in the source.

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace persistance::schema::detail {

/// Whether every number of the underlying type is a value of E, so that all may be asked.
template <class E>
concept HasFixedType = std::is_enum_v<E> && requires { E{0}; };

/// Where enumerators are looked for: the numbers from -128 to 255 that E can have.
template <class E>
struct EnumeratorRange {
  using Limits = std::numeric_limits<std::underlying_type_t<E>>;
  static constexpr int first = Limits::lowest() < 0 ? -128 : 0;
  static constexpr int last = Limits::max() < 255 ? static_cast<int>(Limits::max()) : 255;
};

// All in one function, since the compiler takes a while over each. It spells a value
// `ns::E::name` where that has a name, else `(ns::E)3`.
template <auto... Values>
constexpr std::string_view spelledValues() {
  return __PRETTY_FUNCTION__;
}

/// The name of each value in such a text; empty where it has none.
/// @par Errors  std::invalid_argument: none has one.
[[nodiscard]] std::vector<std::string> namesIn(std::string_view spelled);

template <class E, int... I>
[[nodiscard]] auto enumeratorsOf(std::integer_sequence<int, I...> /*from the first on*/) {
  constexpr int first = EnumeratorRange<E>::first;
  const std::vector<std::string> names = namesIn(spelledValues<static_cast<E>(first + I)...>());
  std::vector<std::pair<E, std::string>> all;
  for (int i = 0; const std::string& name : names) {
    if (!name.empty()) all.emplace_back(static_cast<E>(first + i), name);
    ++i;
  }
  return all;
}

/// The values of E that have a name, with it; of two names of one value the first.
template <class E>
[[nodiscard]] auto enumerators() {
  using Range = EnumeratorRange<E>;
  return enumeratorsOf<E>(std::make_integer_sequence<int, Range::last - Range::first + 1>());
}

}  // namespace persistance::schema::detail
