#include "backing/memory/hash.hpp"

#include <random>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace persistance::backing::memory {

Hash::Hash() {
  std::random_device random;
  seed_ = (std::uint64_t{random()} << 32) | random();
}

std::uint64_t Hash::operator()(std::string_view key) const noexcept {
  return XXH3_64bits_withSeed(key.data(), key.size(), seed_);
}

}  // namespace persistance::backing::memory
