#pragma once
/// @file
/// Threads that read pages from the disk before a coroutine needs them.

#include "backing/lmdb/read_pool.hpp"

#include <condition_variable>
#include <deque>

namespace persistance::backing::lmdb {

/// For disks that are slower than the page cache: the threads read what a coroutine is about to
/// read, so that its own read finds the pages in memory and never stops its io_context.
///
/// What they read is not handed on. So nothing that belongs to the coroutine is used, which may be
/// gone by then, and no read transaction waits for it.
///
/// @par Threads  Any number at once.
class Prefetcher {
 public:
  using Clock = std::chrono::steady_clock;

  Prefetcher(ReadPool& reads, const Keyspace& keyspace) noexcept
      : reads_(reads), keyspace_(keyspace) {}

  /// Waits until the pages of these keys have been read.
  /// @par Errors        `timeout` past the deadline; `closed`.
  /// @par Cancellation  Terminal; ends with operation_aborted.
  [[nodiscard]] asio::awaitable<void> prefetch(std::size_t ordinal,
                                               std::shared_ptr<const std::string> storeId,
                                               std::vector<std::string> keys,
                                               std::chrono::milliseconds deadline);

  /// The body of each thread; until stop().
  void run();
  void stop();

 private:
  struct Job {
    std::size_t ordinal;
    std::shared_ptr<const std::string> storeId;
    std::vector<std::string> keys;
    Clock::time_point deadline;
    async::Event done;

    Job(std::size_t ordinal_, std::shared_ptr<const std::string> storeId_,
        std::vector<std::string> keys_, Clock::time_point deadline_,
        const asio::any_io_executor& executor)
        : ordinal(ordinal_),
          storeId(std::move(storeId_)),
          keys(std::move(keys_)),
          deadline(deadline_),
          done(executor) {}
  };

  void fetch(const Job& job) noexcept;

  ReadPool& reads_;
  const Keyspace& keyspace_;
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Job>> jobs_;
  bool stopped_ = false;
};

}  // namespace persistance::backing::lmdb
