#pragma once
/// @file
/// What a typed store does with values.

#include <persistance/invalid_entry.hpp>
#include <persistance/schema/limits.hpp>

namespace persistance {

/// What may be chosen for a typed store when it is made; for all handles of that make().
struct StoreOptions {
  /// A policy alone is written as one: `stores.make<User>("users", InvalidEntry::miss)`.
  StoreOptions(  // NOLINT(google-explicit-constructor): see above
      InvalidEntry invalidEntry_ = InvalidEntry::perOperation)
      : invalidEntry(invalidEntry_) {}

  /// What a read does with a value that no longer fits its schema.
  InvalidEntry invalidEntry;

  /// What a value may cost: its size, its depth, and what reading it makes in memory. Change them
  /// for large values; each is some memory that a stored value may take from the program.
  schema::Limits limits;

  /// Whether errors are silent about values and keys: what() has neither, the key() of an error is
  /// empty, an issue's `actual` says only that it is hidden, keys of maps are `*` in its path, and
  /// what a backing said is left to error(). For values that must not end up in logs; single fields
  /// have Field::secret. Default: errors tell what they can.
  bool redact = false;
};

}  // namespace persistance
