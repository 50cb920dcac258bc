#pragma once
/// @file
/// How large an encoded value may be.

#include <cstddef>
#include <limits>

namespace persistance::schema {

/// What one value may cost, on the way in and on the way out. Over a limit is an Issue. What is
/// written under limits is read under the same ones.
struct Limits {
  /// Encoded size.
  std::size_t bytes = std::size_t{128} << 20;
  /// No depth goes beyond this one: it bounds the stack.
  static constexpr std::size_t maxDepth = 64;

  /// Containers inside containers.
  std::size_t depth = maxDepth;
  /// Array items and map entries, of all containers together.
  std::size_t items = std::size_t{1} << 22;
  /// Bytes of memory that reading a value may make: this many times its encoded size, and
  /// `memoryBase` more. It bounds what a small input may blow up to. Containers of large classes
  /// most members of which are missing need more than the default.
  std::size_t memoryFactor = 16;
  std::size_t memoryBase = std::size_t{1} << 20;

  /// That limit for a value of `size` bytes.
  [[nodiscard]] constexpr std::size_t memory(std::size_t size) const noexcept {
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    if (memoryFactor != 0 && size > (most - memoryBase) / memoryFactor) return most;
    return memoryFactor * size + memoryBase;
  }
};

}  // namespace persistance::schema
