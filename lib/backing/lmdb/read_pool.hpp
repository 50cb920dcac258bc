#pragma once
/// @file
/// Read transactions, kept for the next reader, never more than a limit.

#include "async/waiters.hpp"
#include "backing/lmdb/directory.hpp"

#include <array>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace persistance::backing::lmdb {

/// Remembers the numbers of stores as one snapshot has them. A snapshot is known by its transaction
/// number, so this is never stale: not even when another process clears a store.
class NumberCache {
 public:
  /// `ordinal` tells the stores of one environment apart.
  [[nodiscard]] std::optional<std::uint64_t> number(MDB_txn* txn, const Keyspace& keyspace,
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
/// A reader takes a lease, reads, and returns it without a suspension in between; so a lease is
/// short. The gate stops new leases and waits for those that are out: the map may only be moved
/// then.
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
      if (slot_) pool_->release(std::move(slot_));
    }
    [[nodiscard]] MDB_txn* txn() const noexcept { return slot_->txn.get(); }
    [[nodiscard]] NumberCache& numbers() const noexcept { return slot_->numbers; }

   private:
    ReadPool* pool_;
    std::unique_ptr<Slot> slot_;
  };

  /// `onResized` is called, on the reader's thread, where another process has grown the map: the
  /// map must be moved before anybody can read.
  ReadPool(MDB_env* env, std::size_t limit, std::function<void()> onResized);

  /// A snapshot of now; nullopt where all are in use or the map is being moved.
  /// @par Errors  LmdbError; `closed`.
  [[nodiscard]] std::optional<Lease> tryLease();

  /// A snapshot, waited for.
  /// @par Errors        LmdbError; `closed`; `overloaded` past the deadline.
  /// @par Cancellation  Terminal; ends with operation_aborted.
  [[nodiscard]] asio::awaitable<Lease> lease(std::chrono::milliseconds deadline);

  /// Stops new leases and waits until none is out. False: some were still out at the deadline, and
  /// the gate is open again.
  [[nodiscard]] bool closeGate(Clock::time_point deadline);
  void openGate();

  /// Fails every new lease with `refusal`, for good.
  void refuse(const Failure& refusal);
  /// Waits until no lease is out, and ends the transactions. After refuse().
  void drain();

 private:
  void release(std::unique_ptr<Slot> slot) noexcept;
  [[nodiscard]] std::unique_ptr<Slot> takeSlot();
  [[nodiscard]] int start(Slot& slot);
  [[nodiscard]] int startAfresh(Slot& slot);
  [[nodiscard]] bool mustWait() const noexcept {
    return gateClosed_ || mapOutgrown_ || out_ >= limit_;
  }

  MDB_env* env_;
  std::size_t limit_;
  std::function<void()> onResized_;
  async::Waiters waiters_;

  std::mutex mutex_;  // guards all below
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Slot>> free_;  // has capacity for limit_: release() cannot fail
  std::size_t out_ = 0;
  bool gateClosed_ = false;
  bool mapOutgrown_ = false;  // by another process; until the gate opens
  std::optional<Failure> refusal_;
};

}  // namespace persistance::backing::lmdb
