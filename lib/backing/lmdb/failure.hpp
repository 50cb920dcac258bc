#pragma once
/// @file
/// What LMDB and the operating system say, in this library's words.

#include <persistance/backing/store.hpp>

#include <lmdb.h>

#include <string>
#include <string_view>

namespace persistance::backing::lmdb {

/// LMDB said no. `rc` is an MDB_ number or an errno.
class LmdbError : public Failure {
 public:
  LmdbError(int rc, std::string_view what);
  [[nodiscard]] int rc() const noexcept { return rc_; }

 private:
  int rc_;
};

/// The meaning of an MDB_ number or an errno; a table.
[[nodiscard]] BackingErrc meaningOf(int rc) noexcept;

/// There was no room: on the disk, in the map, or in the transaction. Nothing was applied.
[[nodiscard]] bool meansFull(int rc) noexcept;

/// Throws where `rc` is an error; `what` is what was being done.
inline void check(int rc, std::string_view what) {
  if (rc != MDB_SUCCESS) [[unlikely]]
    throw LmdbError(rc, what);
}

}  // namespace persistance::backing::lmdb
