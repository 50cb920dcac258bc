#pragma once
/// @file
/// What a read does with a value that no longer fits its schema.

namespace persistance {

/// What a read does with a stored value that no longer fits its schema.
enum class InvalidEntry {
  seed,  ///< get fails, the entry stays; getMany leaves its slot empty and removes it. Default.
  fail,  ///< get and getMany fail; the entry stays.
  miss,  ///< It counts as absent; the entry stays.
  missAndRemove,  ///< It counts as absent, and the entry is removed.
};

namespace typed {

[[nodiscard]] constexpr bool getFails(InvalidEntry policy) {
  return policy == InvalidEntry::seed || policy == InvalidEntry::fail;
}
[[nodiscard]] constexpr bool getRemoves(InvalidEntry policy) {
  return policy == InvalidEntry::missAndRemove;
}
[[nodiscard]] constexpr bool getManyFails(InvalidEntry policy) {
  return policy == InvalidEntry::fail;
}
[[nodiscard]] constexpr bool getManyRemoves(InvalidEntry policy) {
  return policy == InvalidEntry::seed || policy == InvalidEntry::missAndRemove;
}

}  // namespace typed
}  // namespace persistance
