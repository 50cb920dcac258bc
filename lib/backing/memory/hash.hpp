#pragma once
/// @file
/// Where a key of a store goes.

#include <cstdint>
#include <string_view>

namespace persistance::backing::memory {

/// A hash that nobody outside knows how to collide: XXH3 with a random seed of this store.
/// @par Threads  Any number at once.
class Hash {
 public:
  Hash();

  [[nodiscard]] std::uint64_t operator()(std::string_view key) const noexcept;

 private:
  std::uint64_t seed_;
};

}  // namespace persistance::backing::memory
