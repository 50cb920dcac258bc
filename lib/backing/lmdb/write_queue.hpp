#pragma once
/// The writes that wait for the disk, in the order in which they came.

#include <condition_variable>
#include <deque>
#include <mutex>
#include <variant>
#include <vector>

#include "async/event.hpp"
#include "backing/lmdb/failure.hpp"
#include "backing/lmdb/format.hpp"

namespace persistance::backing::lmdb {

/// One write as the writer applies it. It owns what it writes, because its caller may be gone.
struct Put {
  std::string key;
  Unknown value;
  ExpiryTime expires = never;
};
struct PutAll {
  std::vector<Put> entries;
};
struct RemoveOne {
  std::string key;
  std::optional<std::vector<std::byte>> onlyIf;  ///< Only while it holds exactly this.
};
struct ClearAll {};
using Change = std::variant<PutAll, RemoveOne, ClearAll>;

/// A change on its way, and what became of it.
class Operation {
 public:
  using Clock = std::chrono::steady_clock;

  Operation(const asio::any_io_executor& executor, std::shared_ptr<const std::string> storeId_,
            Change change_, Clock::time_point deadline_)
      : storeId(std::move(storeId_)),
        change(std::move(change_)),
        deadline(deadline_),
        done(executor) {}

  std::shared_ptr<const std::string> storeId;
  Change change;
  Clock::time_point deadline;

  /// How many bytes it writes, about.
  [[nodiscard]] std::uint64_t size() const noexcept;
  /// It only makes room.
  [[nodiscard]] bool removes() const noexcept { return !std::holds_alternative<PutAll>(change); }

 private:
  friend class WriteQueue;
  enum class State { queued, taken, ended };

  // Guarded by the queue's mutex; failure is read by the caller after done.
  State state = State::queued;
  std::uint64_t ticket = 0;
  std::optional<Failure> failure;
  async::Event done;
};

/// The queue.
///
/// Every operation ends exactly once: by finish(), by its deadline, by withdraw(), or by refuse().
/// The first `bound` operations are in the queue; those behind them wait for room. Both are kept in
/// one row, so nobody overtakes anybody.
///
/// @par Threads  Any number at once; take() by the writer alone.
class WriteQueue {
 public:
  using Clock = Operation::Clock;
  using Item = std::shared_ptr<Operation>;

  explicit WriteQueue(std::size_t bound) noexcept : bound_(bound) {}

  /// Queues the operation and waits for its end.
  /// @par Errors        Failure.
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
  /// Ends whatever the writer has taken and not finished.
  void finishTaken(const Failure& failure);

  /// Ends what is past its deadline; gives the next deadline.
  std::optional<Clock::time_point> endLate(Clock::time_point now);
  /// Refuses what comes from now on; what is queued may still be taken.
  void close();
  /// Ends everything that is queued with `failure`.
  void refuseQueued(const Failure& failure);
  void wake();

  [[nodiscard]] bool empty() const;
  [[nodiscard]] bool closed() const;

 private:
  void push(const Item& item);
  void withdraw(const Item& item) noexcept;
  void end(Operation& operation, std::optional<Failure> failure);
  void dropEnded() noexcept;

  const std::size_t bound_;
  mutable std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::deque<Item> row_;     // state queued, or ended and not yet dropped
  std::vector<Item> taken_;  // what the writer has
  std::size_t live_ = 0;     // of the row, those with state queued
  std::uint64_t tickets_ = 0;
  std::uint64_t room_ = 0;  // tickets under it are in the queue
  std::size_t wanted_ = 0;  // so many wake the writer; 0: it does not wait for any
  bool closed_ = false;
  bool woken_ = false;
};

}  // namespace persistance::backing::lmdb
