#pragma once
/// @file
/// The writes that wait for the disk, in the order in which they came.

#include "async/event.hpp"
#include "backing/lmdb/operation.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

namespace persistance::backing::lmdb {

/// The queue.
///
/// Every operation ends exactly once: by finish(), by its deadline, by withdraw(), or by refuse().
/// The first `limit` operations are in the queue; those behind them wait for room. Both are kept in
/// one list, in the order in which they came. What all of them hold in memory is bounded: past
/// `byteLimit` an operation is refused, unless it is alone.
///
/// @par Threads  Any number at once; take() by the writer alone.
class WriteQueue {
 public:
  using Clock = Operation::Clock;
  using Item = std::shared_ptr<Operation>;

  WriteQueue(std::size_t limit, std::uint64_t byteLimit) noexcept
      : limit_(limit), byteLimit_(byteLimit) {}

  /// Queues the operation and waits for its end.
  /// @par Errors        Failure; `overloaded` at once past the limit of bytes.
  /// @par Cancellation  Terminal. An operation that the writer has not taken is not applied.
  [[nodiscard]] static asio::awaitable<void> submit(std::shared_ptr<WriteQueue> queue,
                                                    std::shared_ptr<const std::string> storeId,
                                                    Change change,
                                                    std::chrono::milliseconds deadline);

  /// Waits until something is queued, the time has come, or wake() was called.
  void waitForWork(Clock::time_point until);
  /// Waits until so many are queued, the time has come, or the queue is closed.
  void gather(std::size_t count, Clock::time_point until);
  /// Takes operations from the front: at most `count`, and no more than `bytes` unless the first
  /// alone is larger.
  [[nodiscard]] std::vector<Item> take(std::size_t count, std::uint64_t bytes);
  void finish(const Item& item, std::optional<Failure> failure = std::nullopt);
  /// Ends what the writer has taken and not finished.
  void finishTaken(const Failure& failure);

  /// Ends what is past its deadline; returns the next deadline.
  std::optional<Clock::time_point> endOverdue(Clock::time_point now);
  /// Refuses what comes from now on; what is queued may still be taken.
  void close();
  /// Ends everything that is queued with `failure`.
  void refuseQueued(const Failure& failure);
  void wake();

  /// The deadline of the first that is queued; nullopt where there is none.
  [[nodiscard]] std::optional<Clock::time_point> firstDeadline();
  [[nodiscard]] bool empty() const;
  [[nodiscard]] bool closed() const;

 private:
  void push(const Item& item);
  void withdraw(const Item& item) noexcept;
  void end(Operation& operation, std::optional<Failure> failure);
  void dropEnded() noexcept;

  const std::size_t limit_;
  const std::uint64_t byteLimit_;
  mutable std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::deque<Item> items_;       // state queued, or ended and not yet dropped
  std::vector<Item> taken_;      // by the writer
  std::size_t queuedCount_ = 0;  // of the items, those with state queued
  std::uint64_t bytes_ = 0;      // that what has not ended holds
  std::uint64_t nextTicket_ = 0;
  std::uint64_t admitted_ = 0;    // tickets below it are within the limit
  std::size_t awaitedCount_ = 0;  // the writer waits for so many; 0: it does not wait
  bool closed_ = false;
  bool woken_ = false;
};

}  // namespace persistance::backing::lmdb
