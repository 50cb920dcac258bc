#pragma once
/// @file
/// Records whose fields nobody wrote down.

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <persistance/schema/detail/aggregate.hpp>
#include <persistance/schema/detail/key.hpp>
#include <persistance/schema/detail/members.hpp>
#include <persistance/schema/detail/misuse.hpp>
#include <persistance/schema/detail/source_names.hpp>
#include <persistance/schema/field.hpp>
#include <persistance/schema/object.hpp>

namespace persistance::schema {
namespace detail {

/// The member at a place, counted from 0.
template <class T, std::size_t I>
struct PlacedMember {
  using Record = T;
  using Value = std::remove_reference_t<
      std::tuple_element_t<I, decltype(membersOf<countMembers<T>()>(std::declval<T&>()))>>;

  template <class R>
  auto& operator()(R& record) const noexcept {
    using Place = std::conditional_t<std::is_const_v<R>, const T, T>;
    return std::get<I>(membersOf<countMembers<T>()>(static_cast<Place&>(record)));
  }
};

template <class T, std::size_t I>
[[nodiscard]] auto deducedField() {
  using Member = PlacedMember<T, I>;
  constexpr std::string_view name = memberName<T, I>();
  using Key = LiteralKey<name.size()>;
  auto schema = ofMember<T, typename Member::Value>();
  return Field<Key, Member, decltype(schema)>(Key(name), Member(), std::move(schema));
}

template <class T, std::size_t... I>
[[nodiscard]] auto deducedObject(std::index_sequence<I...> /*members*/) {
  return ObjectSchema<T, decltype(deducedField<T, I>())...>(deducedField<T, I>()...);
}

// With a deduced result, so that its sentence comes first.
template <class T>
[[nodiscard]] auto isPlain() {
  if constexpr (!std::is_empty_v<T>) {
    if constexpr (!std::is_aggregate_v<T>)
      (void)NoPlainAggregate<T>{};
    else if constexpr (!std::is_default_constructible_v<T>)
      (void)NoDefaultConstructor<T>{};
    else if constexpr (HasBase<T>)
      (void)MembersInBase<T>{};
    else if constexpr (countMembers<T>() > maxMembers)
      (void)TooManyMembers<T>{};
  }
  return true;
}

}  // namespace detail

/// A record of all members of T, under the names that they have in the source: `object<User>()`.
/// T is a plain aggregate (public members, no base class, no constructor) of at most 64 members,
/// each of a type that has a schema. What is stored carries those names: rename a member, and older
/// values are read no longer, unless its fields are given, with `from` for the old name.
template <class T>
[[nodiscard]] auto object() {
  (void)detail::isPlain<T>();
  return detail::deducedObject<T>(std::make_index_sequence<detail::countMembers<T>()>());
}

}  // namespace persistance::schema
