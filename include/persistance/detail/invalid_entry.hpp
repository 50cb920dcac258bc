#pragma once
/// @file
/// What each policy for invalid entries means for each read.

#include <persistance/invalid_entry.hpp>

namespace persistance::detail {

[[nodiscard]] constexpr bool getFails(InvalidEntry policy) {
  return policy == InvalidEntry::perOperation || policy == InvalidEntry::fail;
}
[[nodiscard]] constexpr bool getRemoves(InvalidEntry policy) {
  return policy == InvalidEntry::missAndRemove;
}
[[nodiscard]] constexpr bool getManyFails(InvalidEntry policy) {
  return policy == InvalidEntry::fail;
}
[[nodiscard]] constexpr bool getManyRemoves(InvalidEntry policy) {
  return policy == InvalidEntry::perOperation || policy == InvalidEntry::missAndRemove;
}

}  // namespace persistance::detail
