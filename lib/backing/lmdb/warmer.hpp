#pragma once
/// Threads that read pages before somebody needs them.

#include <condition_variable>
#include <deque>
#include <list>

#include "backing/lmdb/read_pool.hpp"

namespace persistance::backing::lmdb {

/// For disks that are slower than the page cache: the threads read what a coroutine is about to
/// read, so that its own read finds the pages in memory and never stops its io_context.
///
/// What they find is not handed on, only touched. So nothing of a coroutine that is gone is needed,
/// and no read transaction waits for one that does not go on.
///
/// @par Threads  Any number at once.
class Warmer {
 public:
  using Clock = std::chrono::steady_clock;

  Warmer(ReadPool& reads, const Table& table) noexcept : reads_(reads), table_(table) {}

  /// Waits until the pages of these keys have been read.
  /// @par Errors        `timeout` past the deadline.
  /// @par Cancellation  Terminal; ends with operation_aborted.
  [[nodiscard]] asio::awaitable<void> warm(std::size_t ordinal,
                                           std::shared_ptr<const std::string> storeId,
                                           std::vector<std::string> keys,
                                           std::chrono::milliseconds deadline);

  /// The body of each thread; until stop().
  void run();
  void stop();

  /// Wakes whoever waits past its deadline; gives the next deadline.
  std::optional<Clock::time_point> wakeLate(Clock::time_point now);

 private:
  struct Job {
    std::size_t ordinal;
    std::shared_ptr<const std::string> storeId;
    std::vector<std::string> keys;
    Clock::time_point deadline;
    async::Event done;
    bool late = false;  // guarded by the mutex until done is set

    Job(std::size_t ordinal_, std::shared_ptr<const std::string> storeId_,
        std::vector<std::string> keys_, Clock::time_point deadline_,
        const asio::any_io_executor& executor)
        : ordinal(ordinal_),
          storeId(std::move(storeId_)),
          keys(std::move(keys_)),
          deadline(deadline_),
          done(executor) {}
  };

  void touch(const Job& job) noexcept;

  ReadPool& reads_;
  const Table& table_;
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Job>> waiting_;
  std::list<std::shared_ptr<Job>> underWay_;
  bool stopped_ = false;
};

}  // namespace persistance::backing::lmdb
