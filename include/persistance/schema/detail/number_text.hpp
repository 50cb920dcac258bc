#pragma once
/// @file
/// Numbers as text.

#include <string>

namespace persistance::schema::detail {

/// Wide enough for every stored integer.
__extension__ typedef __int128 Wide;

[[nodiscard]] std::string toText(Wide value);

/// The shortest decimal form that reads back as the same number.
[[nodiscard]] std::string toText(double value);

}  // namespace persistance::schema::detail
