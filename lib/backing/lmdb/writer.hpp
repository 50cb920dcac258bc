#pragma once
/// @file
/// The one thread that writes.

#include "backing/lmdb/changes.hpp"
#include "backing/lmdb/sweeper.hpp"
#include "backing/lmdb/write_access.hpp"
#include "backing/lmdb/write_queue.hpp"

#include <atomic>
#include <span>

namespace persistance::backing::lmdb {

/// Applies what is queued, as much at once as there is, and commits it in one transaction.
///
/// An operation is never split over two commits. Where one of a group cannot be applied, the group
/// is undone and each of its halves is applied again, down to the one that fails alone. After a commit that ended in doubt its group gets `unknownOutcome`, and
/// every later write `io`, until the store is opened anew.
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
  void gatherGroup();
  void gatherForInterval();
  void settle(Group group, TransactionHandle txn);
  [[nodiscard]] std::optional<Failure> attempt(Group group, TransactionHandle txn);
  [[nodiscard]] std::optional<Failure> applyWithRoom(Group group, TransactionHandle txn);
  void applyAndCommit(Group group, TransactionHandle txn);
  void apply(Changes& changes, const Operation& operation);

  WriteQueue& queue_;
  const LmdbOptions& options_;
  WriteAccess access_;
  Sweeper sweeper_;

  std::atomic<bool> mapOutgrown_ = false;
  std::size_t lastGroupSize_ = 1;
  Clock::time_point gathered_{};  // what was queued before is committed without a further wait
};

}  // namespace persistance::backing::lmdb
