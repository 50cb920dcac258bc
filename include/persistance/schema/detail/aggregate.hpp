#pragma once
/// @file
/// How many members a plain aggregate has.

#include <cstddef>
#include <cstdlib>
#include <type_traits>
#include <utility>

#include <persistance/schema/detail/misuse.hpp>

namespace persistance::schema::detail {

inline constexpr std::size_t maxMembers = 64;

/// Becomes whatever a member is, and nothing that T is.
template <class T>
struct AnyMember {
  template <class Member>
    requires(!std::is_base_of_v<std::remove_cvref_t<Member>, T> &&
             !std::is_same_v<std::remove_cvref_t<Member>, T>)
  operator Member() const noexcept {  // NOLINT(google-explicit-constructor)
    std::abort();                     // it is only asked whether it could be called
  }
};

/// Becomes whatever T derives from.
template <class T>
struct AnyBase {
  template <class Base>
    requires(std::is_base_of_v<Base, T> && !std::is_same_v<Base, T>)
  operator Base() const noexcept {  // NOLINT(google-explicit-constructor)
    std::abort();
  }
};

template <class T>
concept HasBase = requires { T{AnyBase<T>()}; };

/// Whether T can be made of that many values.
template <class T, std::size_t... I>
constexpr bool takes(std::index_sequence<I...> /*values*/) {
  return requires { T{(static_cast<void>(I), AnyMember<T>())...}; };
}

/// How many values a T takes. An array of C takes as many as it has elements.
template <class T, std::size_t N = 0>
constexpr std::size_t countValues() {
  if constexpr (N > 1024)
    return N;
  else if constexpr (takes<T>(std::make_index_sequence<N + 1>()))
    return countValues<T, N + 1>();
  else
    return N;
}

/// Whether T can be made of `I` values, empty braces, and `J` more values.
template <class T, std::size_t... I, std::size_t... J>
constexpr bool takesBraced(std::index_sequence<I...> /*before*/,
                           std::index_sequence<J...> /*after*/) {
  return requires {
    T{(static_cast<void>(I), AnyMember<T>())..., {}, (static_cast<void>(J), AnyMember<T>())...};
  };
}

/// How many values the member that takes value `First` takes: braces are only one member's, so
/// behind those of an array there is less room.
template <class T, std::size_t First, std::size_t After>
constexpr std::size_t valuesOfMember(std::size_t all) {
  if constexpr (takesBraced<T>(std::make_index_sequence<First>(),
                               std::make_index_sequence<After>()))
    return all - First - After;
  else if constexpr (After == 0)
    return 1;
  else
    return valuesOfMember<T, First, After - 1>(all);
}

template <class T, std::size_t All, std::size_t First = 0>
constexpr std::size_t countMembersFrom() {
  if constexpr (First >= All)
    return 0;
  else
    return 1 + countMembersFrom<T, All, First + valuesOfMember<T, First, All - First - 1>(All)>();
}

/// How many members T has.
template <class T>
constexpr std::size_t countMembers() {
  if constexpr (std::is_empty_v<T>)
    return 0;
  else
    return countMembersFrom<T, countValues<T>()>();
}

}  // namespace persistance::schema::detail
