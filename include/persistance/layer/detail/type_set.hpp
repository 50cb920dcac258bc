#pragma once
/// @file
/// Sets of services, as types.

#include <array>
#include <span>
#include <type_traits>

#include <persistance/layer/type_id.hpp>

namespace persistance::layer::detail {

template <class... S>
struct TypeList {
  static constexpr std::size_t size = sizeof...(S);
};

template <class S>
struct Tag {};

// A set is a class that inherits one Tag for each member, so membership is one lookup among bases
// and adding n members instantiates n classes. Tags repeated in a row are skipped when they are
// there already.
template <class... S>
struct TypeSet : Tag<S>... {
  using List = TypeList<S...>;
};

template <class Set, class S>
inline constexpr bool contains = std::is_base_of_v<Tag<S>, Set>;

template <class... Members, class S>
constexpr auto operator<<(TypeSet<Members...>, Tag<S>) {
  if constexpr (contains<TypeSet<Members...>, S>) {
    return TypeSet<Members...>{};
  } else {
    return TypeSet<Members..., S>{};
  }
}

template <class... S>
using MakeSet = decltype((TypeSet<>{} << ... << Tag<S>{}));

template <class... A, class... B>
constexpr auto operator|(TypeSet<A...>, TypeSet<B...>) {
  return decltype((TypeSet<A...>{} << ... << Tag<B>{})){};
}

template <class Keep, class S>
constexpr auto keepUnless() {
  if constexpr (contains<Keep, S>) {
    return TypeSet<>{};
  } else {
    return TypeSet<S>{};
  }
}

template <class A, class B>
using Union = decltype(A{} | B{});

// Members are known to be different here: lists are put together without asking.
template <class... A, class... B>
constexpr auto operator+(TypeSet<A...>, TypeSet<B...>) {
  return TypeSet<A..., B...>{};
}

template <class A, class B>
struct MinusOf;
template <class... A, class B>
struct MinusOf<TypeSet<A...>, B> {
  using type = decltype((TypeSet<>{} + ... + keepUnless<B, A>()));
};
template <class A, class B>
using Minus = typename MinusOf<A, B>::type;

template <class A, class B>
struct SubsetOf;
template <class... A, class B>
struct SubsetOf<TypeSet<A...>, B> : std::bool_constant<(contains<B, A> && ...)> {};
template <class A, class B>
inline constexpr bool isSubset = SubsetOf<A, B>::value;

template <template <class...> class List, class Set>
struct SpelledOf;
template <template <class...> class List, class... S>
struct SpelledOf<List, TypeSet<S...>> {
  using type = List<S...>;
};
template <template <class...> class List, class Set>
using Spelled = typename SpelledOf<List, Set>::type;

template <class Set>
struct IdsOf;
template <class... S>
struct IdsOf<TypeSet<S...>> {
  static constexpr std::array<TypeId, sizeof...(S)> value{typeIdOf<S>...};
};

// The ids of a set, in static storage.
template <class Set>
constexpr std::span<const TypeId> ids() noexcept {
  return IdsOf<Set>::value;
}

}  // namespace persistance::layer::detail
