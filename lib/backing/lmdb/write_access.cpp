#include "backing/lmdb/write_access.hpp"

#include <cerrno>

namespace persistance::backing::lmdb {

TransactionHandle WriteAccess::begin() {
  for (;;) {
    MDB_txn* begun = nullptr;
    const int rc = mdb_txn_begin(environment_.handle(), nullptr, 0, &begun);
    if (rc == MDB_SUCCESS) return TransactionHandle(begun);
    if (rc == MDB_PANIC) failed_ = true;
    if (rc != MDB_MAP_RESIZED) throw LmdbError(rc, "beginning to write");
    remap(Reach::writes);
  }
}

Changes WriteAccess::changesIn(MDB_txn* txn) {
  Changes changes(txn, keyspace());
  if (!carriedOver_) changes.carryOver();
  return changes;
}

// A negative number is LMDB's own: it comes before anything is written. The want of room is clear
// as well, unless it hit the meta page, after which LMDB refuses everything.
void WriteAccess::commit(TransactionHandle txn) {
  const auto start = Clock::now();
  const int rc = mdb_txn_commit(txn.release());
  lastCommit_ = Clock::now();
  commitDuration_ = lastCommit_ - start;
  if (rc == MDB_SUCCESS) {
    carriedOver_ = true;
    return;
  }
  const bool clear = rc < 0 || meansFull(rc) || rc == ENOMEM;
  if (!clear) failed_ = true;
  if (clear && rc > 0) (void)begin();
  throw LmdbError(rc, "committing");
}

bool WriteAccess::makeRoom(std::uint64_t need, bool onlyRemoves) {
  if (environment_.growFile(need, options_.mapLimit.bytes())) {
    remap(Reach::writes);
    return true;
  }
  if (freeDeadReaders()) return true;
  if (!onlyRemoves || reserveOpen_) return false;
  remap(Reach::removals);
  reserveOpen_ = true;
  return true;
}

bool WriteAccess::freeDeadReaders() {
  int dead = 0;
  check(mdb_reader_check(environment_.handle(), &dead), "looking for dead readers");
  return dead > 0;
}

void WriteAccess::closeReserve() try {
  if (!reserveOpen_) return;
  remap(Reach::writes);
  reserveOpen_ = false;
} catch (const Failure&) {
  // It stays open until the next time; what was committed is committed.
}

void WriteAccess::remap(Reach reach) {
  if (!reads_.closeGate(Clock::now() + options_.deadline))
    throw Failure(BackingErrc::timeout, "a reader kept the map from moving");
  try {
    environment_.remap(reach);
  } catch (const Failure& failure) {
    if (environment_.mapLost()) {
      failed_ = true;
      reads_.refuse(failure);
    }
    reads_.openGate();
    throw;
  }
  reads_.openGate();
}

}  // namespace persistance::backing::lmdb
