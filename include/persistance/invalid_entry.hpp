#pragma once
/// @file
/// What a read does with a value that no longer fits its schema.

namespace persistance {

/// What a read does with a stored value that no longer fits its schema.
enum class InvalidEntry {
  /// The default: get fails and the entry stays; getMany leaves its slot empty and removes it.
  perOperation,
  fail,           ///< get and getMany fail; the entry stays.
  miss,           ///< It counts as absent; the entry stays.
  missAndRemove,  ///< It counts as absent, and the entry is removed.
};

}  // namespace persistance
