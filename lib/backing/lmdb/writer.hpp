#pragma once
/// The one thread that writes.

#include <atomic>
#include <span>

#include "backing/lmdb/changes.hpp"
#include "backing/lmdb/environment.hpp"
#include "backing/lmdb/read_pool.hpp"
#include "backing/lmdb/write_queue.hpp"

namespace persistance::backing::lmdb {

/// Applies what is queued, as much at once as there is, and commits it in one transaction.
///
/// An operation is never split over two commits. Where one of a group cannot be applied, the group
/// is undone and each of its operations is done again in a transaction of its own: so one that is
/// too large fails alone. Where a commit ends with anything but a clear no, it is not tried again:
/// what a failed fsync left behind cannot be known. Its group gets `unknownOutcome`, and every
/// later write `io`, until the store is opened anew.
///
/// @par Threads  run() in one thread; mapOutgrown() from any.
class Writer {
 public:
  Writer(Environment& environment, ReadPool& reads, WriteQueue& queue, const LmdbOptions& options);

  /// Serves the queue until it is closed and empty.
  void run();

  /// Another process has grown the map.
  void mapOutgrown();

 private:
  using Clock = WriteQueue::Clock;
  using Group = std::span<const WriteQueue::Item>;

  void serve();
  void waitForCompany();
  void settle(Group group, TransactionHandle txn);
  [[nodiscard]] std::optional<Failure> attempt(Group group, TransactionHandle txn);
  void applyAndCommit(Group group, TransactionHandle txn);
  void apply(Changes& changes, const Operation& operation);
  [[nodiscard]] TransactionHandle begin();
  void commit(TransactionHandle txn);
  [[nodiscard]] bool makeRoom(std::uint64_t need, bool onlyRemoves);
  bool freeDeadReaders();
  void closeReserve();
  void remap(Reach reach);
  void sweep();
  [[nodiscard]] bool sweepStep();

  Environment& environment_;
  ReadPool& reads_;
  WriteQueue& queue_;
  const LmdbOptions& options_;

  std::atomic<bool> mapOutgrown_ = false;
  bool broken_ = false;  // a commit ended in doubt
  bool reserveOpen_ = false;
  std::size_t company_ = 1;  // how many operations the last group had
  Clock::time_point lastCommit_{};
  Clock::duration commitTime_{};
  Clock::time_point nextSweep_;
  std::size_t sweepBatch_;  // smaller while there is hardly room to delete
};

}  // namespace persistance::backing::lmdb
