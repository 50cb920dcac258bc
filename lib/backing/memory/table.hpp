#pragma once
/// @file
/// A hash table of records.

#include "backing/memory/record.hpp"

#include <memory>

namespace persistance::backing::memory {

/// When an entry ends, in coarse steps, rounded down: at step 5 or later it may be over. Zero: never.
using Step = std::uint32_t;

/// A place in a table.
struct Slot {
  Record* record;
  std::uint32_t hash;  // zero: the place is free
  Step mayEnd;
};

/// Open addressing with linear probing, its slots ordered by hash. So a look-up touches one run of
/// slots and one record, keys can be listed by resuming at a hash, whatever has come, gone or grown
/// meanwhile, and a removal leaves no mark. It grows by half, and shrinks when seven eighths are free.
///
/// @par Threads  None: the lock of its shard guards it.
class Table {
 public:
  Table() noexcept = default;
  Table(Table&& other) noexcept;
  Table& operator=(Table&& other) noexcept;
  ~Table();

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// How many slots there are, free ones included.
  [[nodiscard]] std::size_t slots() const noexcept {
    return capacity_ == 0 ? 0 : capacity_ + spill_ + 1;
  }
  [[nodiscard]] const Slot& at(std::size_t index) const noexcept { return all_[index]; }

  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  /// The index of a key; `none` where it is not there. A `hash` is never zero.
  [[nodiscard]] std::size_t find(std::uint32_t hash, std::string_view key) const noexcept;
  /// The first index at which an entry of that hash or a greater one can be.
  [[nodiscard]] std::size_t from(std::uint32_t hash) const noexcept;
  /// Asks the processor for what find() will read.
  void prefetch(std::uint32_t hash) const noexcept;

  /// Puts in a record whose key is not there.
  /// @par Errors  bad_alloc; then nothing has changed.
  void insert(std::uint32_t hash, Record::Pointer record, Step mayEnd);
  /// Puts a record in the place of another one with the same key, which it gives back.
  [[nodiscard]] Record::Pointer replace(std::size_t index, Record::Pointer record,
                                        Step mayEnd) noexcept;
  /// Takes a record out. The entries behind it may move one slot forward.
  [[nodiscard]] Record::Pointer take(std::size_t index) noexcept;

  /// Lets go of the records of some slots, from `first` on. Only for a table that nobody uses any more.
  void release(std::size_t first, std::size_t count) noexcept;

  /// Gives memory back where most slots are free. Not in the middle of a walk over indices.
  void shrink() noexcept;

 private:
  [[nodiscard]] std::size_t home(std::uint32_t hash) const noexcept {
    return static_cast<std::size_t>((std::uint64_t{hash} * capacity_) >> 32);
  }
  void resize(std::size_t capacity);
  void resize(std::size_t capacity, std::size_t spill);

  // The spill is for those that found no place up to the last home, and grows if it has to. Behind it is
  // one slot that is always free, and ends every search.
  std::unique_ptr<Slot[]> all_;
  std::size_t capacity_ = 0;  // homes
  std::size_t spill_ = 0;
  std::size_t size_ = 0;
};

}  // namespace persistance::backing::memory
