#pragma once
/// @file
/// The locks of several shards at once.

#include "backing/memory/shard.hpp"

#include <bitset>
#include <span>

namespace persistance::backing::memory {

inline constexpr std::size_t mostShards = 256;

/// Holds the locks of some shards, for as long as it lives. All take them in the same order, so that
/// nobody waits for each other.
class Locks {
 public:
  using Set = std::bitset<mostShards>;

  Locks(std::span<Shard> shards, Set which) : shards_(shards), which_(which) {
    for (std::size_t i = 0; i < shards_.size(); ++i)
      if (which_[i]) shards_[i].mutex.lock();
  }
  Locks(const Locks&) = delete;
  Locks& operator=(const Locks&) = delete;
  ~Locks() {
    for (std::size_t i = 0; i < shards_.size(); ++i)
      if (which_[i]) shards_[i].mutex.unlock();
  }

 private:
  std::span<Shard> shards_;
  Set which_;
};

}  // namespace persistance::backing::memory
