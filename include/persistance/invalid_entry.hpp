#pragma once
/// @file
/// What a read does with a value that no longer fits its schema.

namespace persistance {

/// What a read does with a stored value that no longer fits its schema. A value that carries its
/// version (`schema::versioned`) is never removed by a read, whatever it is read as: it may be of a
/// newer program.
enum class InvalidEntry {
  /// The default: get fails and the entry stays; getMany leaves its slot empty and removes it.
  perOperation,
  fail,           ///< get and getMany fail; the entry stays.
  miss,           ///< It counts as absent; the entry stays.
  missAndRemove,  ///< It counts as absent, and the entry is removed.
};

}  // namespace persistance
