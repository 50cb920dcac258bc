#pragma once
/// @file
/// A part of a store's entries, behind a lock of its own.

#include "backing/memory/shard_mutex.hpp"
#include "backing/memory/table.hpp"

#include <persistance/backing/memory.hpp>

namespace persistance::backing::memory {

/// The time of one operation: the clock is read once, and only where something can expire.
class Now {
 public:
  explicit Now(const MemoryOptions::Clock& clock) noexcept : clock_(clock) {}

  [[nodiscard]] TimePoint get() {
    if (!now_) now_ = clock_();
    return *now_;
  }

 private:
  const MemoryOptions::Clock& clock_;
  std::optional<TimePoint> now_;
};

/// Which of the table's steps a time is in.
class Steps {
 public:
  explicit Steps(TimePoint epoch) noexcept : epoch_(epoch) {}

  /// Never zero. What is too far away for a step is in the last one.
  [[nodiscard]] Step of(TimePoint time) const noexcept;

 private:
  TimePoint epoch_;
};

/// Entries and their lock. Whoever calls a member function holds it.
class alignas(128) Shard {
 public:
  mutable ShardMutex mutex;  // guards all that the functions see

  [[nodiscard]] const Table& table() const noexcept { return table_; }
  [[nodiscard]] std::size_t expiring() const noexcept { return expiring_; }

  /// The record of a key that lives; null where there is none.
  [[nodiscard]] Record* find(std::uint32_t hash, std::string_view key, Now& now) const;
  [[nodiscard]] bool isOver(const Record& record, Now& now) const;
  void prefetch(std::uint32_t hash) const noexcept { table_.prefetch(hash); }

  /// Puts a record in, in place of that with the same key, which it gives back.
  /// @par Errors  bad_alloc; then nothing has changed.
  Record::Pointer put(std::uint32_t hash, Record::Pointer record, const Steps& steps);
  /// Undoes a put() of a new key, with null; of one that was there, with what put() gave.
  void undo(std::uint32_t hash, std::string_view key, Record::Pointer before,
            const Steps& steps) noexcept;
  /// Takes a key out, whether it lives or not; null where it is not there.
  Record::Pointer take(std::uint32_t hash, std::string_view key) noexcept;
  /// Takes everything out.
  [[nodiscard]] Table takeAll() noexcept;

  /// Gives memory back where most of the table is free. Not in the middle of a sweep.
  void shrink() noexcept { table_.shrink(); }
  /// Looks at the next `slots` slots, and calls `removed` with each record that was over.
  template <class Removed>
  void sweep(std::size_t slots, Now& now, const Steps& steps, Removed removed) {
    if (expiring_ == 0) return;
    const Step step = steps.of(now.get());
    for (; slots > 0; --slots, ++sweepHand_) {
      if (sweepHand_ >= table_.slots()) sweepHand_ = 0;
      // What was behind one that is taken out is in its place.
      while (mayBeOver(table_.at(sweepHand_), step) && isOver(*table_.at(sweepHand_).record, now))
        removed(takeAt(sweepHand_));
    }
  }

  /// Takes out the next record that nobody has read since the last time, from where the last one was on.
  /// Null: there is none before the end of the table; the next time begins at its start.
  Record::Pointer evict(Now& now);

 private:
  [[nodiscard]] static bool mayBeOver(const Slot& slot, Step step) noexcept {
    return slot.hash != 0 && slot.mayEnd != 0 && slot.mayEnd <= step;
  }
  Record::Pointer takeAt(std::size_t index) noexcept;

  Table table_;
  std::size_t expiring_ = 0;   // records that have an end
  std::size_t sweepHand_ = 0;  // the slot that is looked at next
  std::size_t evictHand_ = 0;
};

}  // namespace persistance::backing::memory
