#pragma once
/// @file
/// Types one value of which is stored as null.

#include <memory>
#include <optional>
#include <variant>

namespace persistance::schema::detail {

template <class A>
inline constexpr bool isNullable = false;
template <class A>
inline constexpr bool isNullable<std::optional<A>> = true;
template <class A>
inline constexpr bool isNullable<std::unique_ptr<A>> = true;
template <class A>
inline constexpr bool isNullable<std::shared_ptr<A>> = true;
template <>
inline constexpr bool isNullable<std::monostate> = true;

/// Nothing inside of nothing would come back as the outer one.
template <class A>
struct NothingTwice {
  static_assert(!isNullable<A>,
                "persistance: optional(optional(s)) cannot tell its two kinds of nothing apart; "
                "put the inner one into an object");
};

}  // namespace persistance::schema::detail
