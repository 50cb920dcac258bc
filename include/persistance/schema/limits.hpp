#pragma once
/// @file
/// How large an encoded value may be.

#include <cstddef>

namespace persistance::schema {

/// What one value may cost, on the way in and on the way out. Over a limit is an Issue.
struct Limits {
  /// Encoded size.
  std::size_t bytes = std::size_t{128} << 20;
  /// No depth goes beyond this one: it bounds the stack.
  static constexpr std::size_t maxDepth = 64;

  /// Containers inside containers.
  std::size_t depth = maxDepth;
  /// Array items and map entries, of all containers together. It bounds what a small input may
  /// blow up to in memory.
  std::size_t items = std::size_t{1} << 22;
};

}  // namespace persistance::schema
