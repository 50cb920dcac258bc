#pragma once
/// @file
/// One open LMDB environment: checked when it is opened, and grown when it is full.

#include "backing/lmdb/guards.hpp"
#include "backing/lmdb/internals.hpp"
#include "backing/lmdb/keyspace.hpp"

#include <persistance/backing/lmdb.hpp>

namespace persistance::backing::lmdb {

/// How far the map reaches.
enum class Reach {
  writes,    ///< Over all of the file but the reserve.
  removals,  ///< Over all of the file.
};

/// The environment.
///
/// Its map is never larger than its file, and the file's blocks are allocated when it grows: so a
/// full disk shows there, before anything is written, and not in the middle of a commit; and a
/// file that is shorter than the last page that its header names was cut.
///
/// @par Threads  handle() and keyspace(): any. The rest: one at a time, the writer's.
class Environment {
 public:
  /// @par Errors  `unavailable` `readOnly` `full` `corrupt` `wrongType` `alreadyOpen`
  ///              `alreadyExists` `timeout`.
  explicit Environment(const LmdbOptions& options, const Internals& internals = {});
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  [[nodiscard]] MDB_env* handle() const noexcept { return env_.get(); }
  [[nodiscard]] const Keyspace& keyspace() const noexcept { return keyspace_; }

  /// Makes the file so large that there is room for `need` more bytes. This thread has no write
  /// transaction. False: `limit` or the disk does not allow it.
  [[nodiscard]] bool growFile(std::uint64_t need, std::uint64_t limit);

  /// Maps the file anew, as large as it is by now, and at least as far as it is in use: another
  /// process may have used the reserve. No transaction of this process may be alive.
  /// @par Errors  `outOfMemory`: the address space is used up.
  void remap(Reach reach);
  /// remap() failed in such a way that nothing can be read any more.
  [[nodiscard]] bool mapLost() const noexcept { return mapLost_; }

 private:
  void openUnderLock(const LmdbOptions& options, const Internals& internals);
  void openHandleOf(const LmdbOptions& options);
  void checkPages(const std::filesystem::path& dataFile);
  void openKeyspace();
  [[nodiscard]] TransactionHandle beginReading();
  [[nodiscard]] std::uint64_t mapSizeFor(Reach reach, std::uint64_t fileSize) const;
  void findMap() noexcept;

  // In this order: the claim goes last, when nothing of the file is open any more.
  FileClaim claim_;
  EnvironmentHandle env_;
  Keyspace keyspace_;
  std::uint64_t fileSize_ = 0;  // as it was when it was mapped
  bool mapLost_ = false;
};

}  // namespace persistance::backing::lmdb
