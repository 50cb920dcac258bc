#pragma once
/// @file
/// What only tests change.

#include "backing/lmdb/format.hpp"

#include <functional>

namespace persistance::backing::lmdb {

struct Internals {
  DigestFunction digest = &xxh3Digest;
  std::uint64_t firstMap = std::uint64_t{1} << 20;
  std::function<void()> directoryLocked = [] {};  // called while an opening holds the lock
  std::function<void()> handleOpened = [] {};     // called before an opening begins to read
};

}  // namespace persistance::backing::lmdb
