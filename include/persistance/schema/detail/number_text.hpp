#pragma once
/// @file
/// Numbers as text.

#include <string>
#include <type_traits>

namespace persistance::schema::detail {

/// Wide enough for every stored integer.
__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 UnsignedWide;

/// Numbers that no stored one is wide enough for.
template <class T>
inline constexpr bool isWide = std::is_same_v<std::remove_cv_t<T>, Wide> ||
                               std::is_same_v<std::remove_cv_t<T>, UnsignedWide> ||
                               std::is_same_v<std::remove_cv_t<T>, long double>;

[[nodiscard]] std::string toText(Wide value);

/// The shortest decimal form that reads back as the same number.
[[nodiscard]] std::string toText(double value);

}  // namespace persistance::schema::detail
