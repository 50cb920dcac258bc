#pragma once
/// @file
/// How much memory to reserve for what has not been read yet.

#include <algorithm>
#include <cstddef>

namespace persistance::schema::detail {

/// How many elements to make room for before the first one has been read: never more memory than
/// the input is long, apart from a few.
template <class V>
[[nodiscard]] constexpr std::size_t roomFor(std::size_t count, std::size_t bytesLeft) noexcept {
  return std::min(count, std::max<std::size_t>(16, bytesLeft / sizeof(V)));
}

}  // namespace persistance::schema::detail
