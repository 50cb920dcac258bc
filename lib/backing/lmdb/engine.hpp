#pragma once
/// Everything that belongs to one open store: shared by the stores that were made of it, by its
/// threads, and by whoever closes it.

#include <map>
#include <thread>

#include "backing/lmdb/writer.hpp"

namespace persistance::backing::lmdb {

/// The open environment with its two threads: one writes, one watches the deadlines.
///
/// @par Threads  Any number at once.
class Engine {
 public:
  using Clock = std::chrono::steady_clock;

  Engine(LmdbOptions options, const Internals& internals);

  /// @par Errors  `closed`: this is the child of a fork.
  void refuseAfterFork() const;
  [[nodiscard]] bool inForkedChild() const noexcept { return fork_.inChild(); }

  /// A snapshot, waited for where all are in use or the map is moving.
  /// @par Errors  `overloaded` past the deadline; `closed`.
  [[nodiscard]] asio::awaitable<ReadPool::Lease> lease();

  [[nodiscard]] asio::awaitable<void> close();

  /// Bodies of the threads.
  void write();
  void watch();

  /// Stops taking operations; what is queued is still written.
  void stop();
  /// Waits for the writer to end. False: it did not by the deadline.
  [[nodiscard]] bool waitForEnd();

  const LmdbOptions options;

 private:
  struct Waiting {
    std::shared_ptr<async::Event> event;
    Clock::time_point deadline;
  };

  ForkGuard fork_;
  std::optional<Environment> environment_;

 public:
  const Table table;
  ReadPool reads;
  const std::shared_ptr<WriteQueue> queue;

 private:
  [[nodiscard]] bool ended();
  void end();

  Writer writer_;
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  bool ended_ = false;
  std::vector<Waiting> closers_;
};

}  // namespace persistance::backing::lmdb
