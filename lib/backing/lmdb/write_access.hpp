#pragma once
/// @file
/// Write transactions, and the room that they need.

#include "backing/lmdb/changes.hpp"
#include "backing/lmdb/environment.hpp"
#include "backing/lmdb/read_pool.hpp"

namespace persistance::backing::lmdb {

/// Begins and commits write transactions, grows the file, and moves the map.
///
/// Where a commit ends with anything but a clear no, it is not tried again: what a failed fsync left
/// behind cannot be known. From then on failed() is true, until the store is opened anew.
///
/// @par Threads  The writer's thread.
class WriteAccess {
 public:
  using Clock = std::chrono::steady_clock;

  WriteAccess(Environment& environment, ReadPool& reads, const LmdbOptions& options) noexcept
      : environment_(environment), reads_(reads), options_(options) {}

  [[nodiscard]] const Keyspace& keyspace() const noexcept { return environment_.keyspace(); }

  /// @par Errors  LmdbError; `timeout`: a reader kept the map from moving.
  [[nodiscard]] TransactionHandle begin();
  /// The first in a file of an older format carries it over.
  /// @par Errors  As Changes.
  [[nodiscard]] Changes changesIn(MDB_txn* txn);
  /// changesIn() did that: there is something to commit in any case.
  [[nodiscard]] bool carriesOver() const noexcept { return !carriedOver_; }
  /// @par Errors  LmdbError: nothing was committed, or failed().
  void commit(TransactionHandle txn);
  /// A commit ended in doubt, or the map is lost.
  [[nodiscard]] bool failed() const noexcept { return failed_; }

  /// After MDB_MAP_FULL: makes room for `need` bytes. True: it is worth trying again.
  [[nodiscard]] bool makeRoom(std::uint64_t need, bool onlyRemoves);
  /// Takes back what makeRoom() opened for removals alone.
  void closeReserve();
  /// What a killed process was reading is kept for it until somebody checks.
  bool freeDeadReaders();
  void remap(Reach reach);

  [[nodiscard]] Clock::time_point lastCommit() const noexcept { return lastCommit_; }
  [[nodiscard]] Clock::duration commitDuration() const noexcept { return commitDuration_; }

 private:
  Environment& environment_;
  ReadPool& reads_;
  const LmdbOptions& options_;

  bool carriedOver_ = false;
  bool failed_ = false;
  bool reserveOpen_ = false;
  Clock::time_point lastCommit_{};
  Clock::duration commitDuration_{};
};

}  // namespace persistance::backing::lmdb
