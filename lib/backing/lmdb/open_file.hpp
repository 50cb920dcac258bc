#pragma once
/// @file
/// Everything that belongs to one open data file: shared by its stores, by its threads, and by
/// whoever closes it.

#include "async/waiters.hpp"
#include "backing/lmdb/prefetcher.hpp"
#include "backing/lmdb/writer.hpp"

namespace persistance::backing::lmdb {

/// The open environment, its readers, and the queue in front of its writer.
///
/// @par Threads  Any number at once.
class OpenFile {
 public:
  using Clock = std::chrono::steady_clock;

  /// @par Errors  As Environment.
  OpenFile(LmdbOptions options, const Internals& internals);

  /// @par Errors  `closed`: this is the child of a fork.
  void refuseAfterFork() const;
  [[nodiscard]] bool inForkedChild() const noexcept { return fork_.inChild(); }

  /// Stops taking operations; what is queued is still written.
  void stop();
  /// stop(), and waits for the writer to end.
  /// @par Errors  `timeout` past the deadline.
  [[nodiscard]] asio::awaitable<void> close();
  /// Waits in this thread. False: the writer did not end by the deadline.
  [[nodiscard]] bool waitForEnd();

  /// The body of the thread that writes.
  void write();
  /// The body of the thread that ends writes at their deadlines. A timer for each write would cost
  /// more than the write itself where many are committed together.
  void watchDeadlines();

  const LmdbOptions options;

 private:
  ForkGuard fork_;
  std::optional<Environment> environment_;

 public:
  const Keyspace& keyspace;  // changes only while the gate of the reads is closed
  ReadPool reads;
  Prefetcher prefetcher;
  const std::shared_ptr<WriteQueue> queue;

 private:
  [[nodiscard]] bool ended();
  void end();

  Writer writer_;
  async::Waiters closers_;
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  bool ended_ = false;
};

}  // namespace persistance::backing::lmdb
