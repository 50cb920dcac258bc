#pragma once
/// @file
/// How much memory to reserve for what has not been read yet.

#include <algorithm>
#include <cstddef>
#include <utility>

namespace persistance::schema::detail {

/// How many elements to make room for before the first one has been read: never more memory than
/// the input is long, apart from a few.
template <class V>
[[nodiscard]] constexpr std::size_t roomFor(std::size_t count, std::size_t bytesLeft) noexcept {
  return std::min(count, std::max<std::size_t>(16, bytesLeft / sizeof(V)));
}

/// What an element of a list, a set or a map takes beside its container, about.
template <class V>
inline constexpr std::size_t nodeSize = sizeof(V) + 4 * sizeof(void*);

/// Whether a container took what was put in: one that may hold equal ones always does.
template <class Iterator>
[[nodiscard]] bool inserted(const std::pair<Iterator, bool>& result) noexcept {
  return result.second;
}
template <class Iterator>
[[nodiscard]] bool inserted(const Iterator& /*place*/) noexcept {
  return true;
}

}  // namespace persistance::schema::detail
