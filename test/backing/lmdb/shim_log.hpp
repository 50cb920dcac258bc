#pragma once
/// @file
/// What the preloaded shim writes down: heads, each followed by `size` bytes where it has bytes.

#include <cstdint>

namespace persistance::test {

enum class LogKind : std::uint32_t {
  write,         ///< `size` bytes at `offset`; durable: on the disk when the call returned
  sync,          ///< everything before it is on the disk
  size,          ///< the file is `offset` bytes long, or longer
  acknowledged,  ///< 8 bytes, a number: this write was acknowledged
};

struct LogHead {
  LogKind kind;
  std::uint32_t durable;
  std::uint64_t offset;
  std::uint64_t size;
};

}  // namespace persistance::test
