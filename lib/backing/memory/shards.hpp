#pragma once
/// @file
/// All entries of a store.

#include "backing/memory/budget.hpp"
#include "backing/memory/found.hpp"
#include "backing/memory/hash.hpp"
#include "backing/memory/locks.hpp"

#include <memory>
#include <vector>

namespace persistance::backing::memory {

/// Where a key is.
struct Place {
  std::uint32_t shard = 0;
  std::uint32_t hash = 0;
};

/// One entry of a write: what shall be there, and afterwards what was there.
struct Change {
  Place place;
  Record::Pointer record;
};

/// @par Errors   Failure: `closed` after close().
/// @par Threads  Any number at once. No lock is held when a function returns.
class Shards {
 public:
  explicit Shards(const MemoryOptions& options);

  [[nodiscard]] Place place(std::string_view key) const noexcept;
  [[nodiscard]] Now now() const noexcept { return Now(clock_); }

  /// The value of a key, if it lives.
  void find(Place place, std::string_view key, Found& found);
  /// Shares those of many keys, as they are at one moment.
  void find(std::span<const std::string> keys, std::span<const Place> places,
            std::span<Record::Pointer> found);

  /// Puts one record in.
  /// @par Errors  `full`, bad_alloc; then nothing has changed.
  void put(Change& change);
  /// Puts many in, at one moment: all or nothing.
  /// @par Errors  As put() of one.
  void put(std::span<Change> changes);

  /// Takes one out; null where it is not there.
  Record::Pointer take(Place place, std::string_view key);
  /// Takes many out, at one moment.
  void take(std::span<const std::string> keys, std::span<const Place> places,
            std::span<Record::Pointer> taken);

  /// Puts `desired` in, or takes the key out where that is null, if the key that lives there holds
  /// `expected`, or nothing where that is null; whether it was so.
  [[nodiscard]] bool exchange(Place place, std::string_view key,
                              std::optional<std::span<const std::byte>> expected, Change& desired);

  /// Calls `visit` with the records that live, beginning with those of `from`, in the order of their
  /// places, under the lock; looks at `slots` slots about. Returns where to go on; nullopt: that was
  /// all.
  template <class Visit>
  [[nodiscard]] std::optional<Place> scan(Place from, std::size_t slots, Visit visit);

  /// Takes everything out, at one moment.
  [[nodiscard]] std::vector<Table> takeAll();
  /// As takeAll(), and fails what comes later.
  [[nodiscard]] std::vector<Table> close();

  /// Removes what is over, a bit at a time; whether there are entries left that will be.
  bool sweepAll();

  [[nodiscard]] std::size_t size() const;

 private:
  void checkOpen() const;
  [[nodiscard]] std::span<Shard> all() const noexcept { return {shards_.get(), count_}; }
  [[nodiscard]] Locks::Set setOf(std::span<const Place> places) const noexcept;
  [[nodiscard]] std::vector<Table> takeAllOf(const Locks& held);

  void sweepFor(Place place, Now& time);
  template <class Attempt>
  void withRoom(Attempt attempt);
  std::optional<Size> tryPut(std::span<Change> changes);
  void commit(std::span<Change> changes);
  [[nodiscard]] Size needOf(std::span<const Change> changes) const;
  void forget(const Record& record) noexcept;
  void evictFor(const Size& need);

  const MemoryOptions::Clock clock_;
  const Hash hash_;
  const Steps steps_;
  Budget budget_;
  const std::size_t count_;
  std::unique_ptr<Shard[]> shards_;
  std::atomic<std::size_t> evictFrom_ = 0;
  bool closed_ = false;  // guarded by all locks of the shards; one of them is enough to read it
};

template <class Visit>
std::optional<Place> Shards::scan(Place from, std::size_t slots, Visit visit) {
  const Shard& shard = shards_[from.shard];
  const std::lock_guard lock(shard.mutex);
  checkOpen();
  Now time = now();
  const Table& table = shard.table();
  std::uint32_t last = 0;
  for (std::size_t i = table.from(from.hash); i < table.slots(); ++i) {
    const Slot& slot = table.at(i);
    if (slots > 0) --slots;
    if (slot.hash == 0) continue;
    // Records of one hash are not to be told apart by their place: never stop between them.
    if (slots == 0 && slot.hash != last) return Place{from.shard, slot.hash};
    last = slot.hash;
    if (!shard.isOver(*slot.record, time)) visit(Place{from.shard, slot.hash}, *slot.record);
  }
  if (from.shard + 1 == count_) return std::nullopt;
  return Place{from.shard + 1, 1};
}

}  // namespace persistance::backing::memory
