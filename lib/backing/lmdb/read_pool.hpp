#pragma once
/// Read transactions, kept for the next reader, never more than a bound.

#include <array>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "async/event.hpp"
#include "backing/lmdb/table.hpp"

namespace persistance::backing::lmdb {

/// Remembers the numbers of stores as one snapshot has them. A snapshot is known by its transaction
/// number, so this is never stale: not even when another process clears a store.
class NumberCache {
 public:
  /// `ordinal` tells the stores of one environment apart.
  [[nodiscard]] std::optional<std::uint64_t> number(MDB_txn* txn, const Table& table,
                                                    std::size_t ordinal, std::string_view storeId);

 private:
  struct Line {
    std::size_t snapshot = 0;
    std::size_t ordinal = 0;
    std::optional<std::uint64_t> number;
  };
  std::array<Line, 16> lines_;
};

/// The pool.
///
/// A reader takes a lease, reads, and gives it back, all in one go; so a lease is short. The gate
/// stops new leases and waits for those that are out: the map may only be moved then.
///
/// @par Threads  Any number at once.
class ReadPool {
  struct Slot {
    TransactionHandle txn;
    NumberCache numbers;
  };

 public:
  using Clock = std::chrono::steady_clock;

  class Lease {
   public:
    Lease(ReadPool& pool, std::unique_ptr<Slot> slot) noexcept
        : pool_(&pool), slot_(std::move(slot)) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (slot_) pool_->giveBack(std::move(slot_));
    }
    [[nodiscard]] MDB_txn* txn() const noexcept { return slot_->txn.get(); }
    [[nodiscard]] NumberCache& numbers() const noexcept { return slot_->numbers; }

   private:
    ReadPool* pool_;
    std::unique_ptr<Slot> slot_;
  };

  /// `onResized` is called, on the reader's thread, where another process has grown the map: the
  /// map must be moved before anybody can read.
  ReadPool(MDB_env* env, std::size_t bound, std::function<void()> onResized);

  /// A snapshot of now; nullopt where one must wait().
  /// @par Errors  LmdbError; `closed`.
  [[nodiscard]] std::optional<Lease> tryLease();

  /// Sets `event` when it is worth to try again, or at the deadline.
  void wait(std::shared_ptr<async::Event> event, Clock::time_point deadline);

  /// Wakes whoever waits past its deadline; gives the next deadline.
  std::optional<Clock::time_point> wakeLate(Clock::time_point now);

  /// Stops new leases and waits until none is out. False: they did not come back by the deadline,
  /// and the gate is open again.
  [[nodiscard]] bool closeGate(Clock::time_point deadline);
  void openGate();

  /// Answers every new lease with `refusal`, for good.
  void refuse(const Failure& refusal);
  /// Waits until no lease is out, and ends the transactions. After refuse().
  void drain();

 private:
  void giveBack(std::unique_ptr<Slot> slot) noexcept;
  [[nodiscard]] std::unique_ptr<Slot> takeSlot();
  [[nodiscard]] int start(Slot& slot);
  [[nodiscard]] int startAfresh(Slot& slot);
  [[nodiscard]] bool mustWait() const noexcept {
    return gateClosed_ || mapOutgrown_ || out_ >= bound_;
  }
  void wakeAll() noexcept;

  struct Waiting {
    std::shared_ptr<async::Event> event;
    Clock::time_point deadline;
  };

  MDB_env* env_;
  std::size_t bound_;
  std::function<void()> onResized_;

  std::mutex mutex_;  // guards all below
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Slot>> free_;  // room for bound_ from the start: giveBack cannot fail
  std::size_t out_ = 0;
  bool gateClosed_ = false;
  bool mapOutgrown_ = false;  // by another process; until the gate opens
  std::optional<Failure> refusal_;
  std::vector<Waiting> waiting_;
};

}  // namespace persistance::backing::lmdb
