#include "backing/memory/shards.hpp"

#include <algorithm>
#include <bit>
#include <thread>

#include <persistance/backing/store.hpp>

namespace persistance::backing::memory {
namespace {

// A write looks at so many slots for what is over. It fills one at most, so a table is gone through
// long before it has grown by a half.
constexpr std::size_t slotsAWrite = 8;
// The other thread holds a lock for so many slots at a time: some ten microseconds.
constexpr std::size_t slotsASweep = 1024;
// How far ahead of the one that is looked up the next places are asked for.
constexpr std::size_t ahead = 8;

std::size_t shardCount(const MemoryOptions& options) {
  const std::size_t wanted = options.shards.value_or(
      std::max<std::size_t>(16, std::size_t{16} * std::thread::hardware_concurrency()));
  return std::bit_ceil(std::clamp<std::size_t>(wanted, 1, mostShards));
}

Size sizeOf(const Record& record) { return Size{1, static_cast<std::int64_t>(record.footprint())}; }

}  // namespace

Shards::Shards(const MemoryOptions& options)
    : clock_(options.clock),
      steps_(clock_()),
      budget_(options),
      count_(shardCount(options)),
      shards_(std::make_unique<Shard[]>(count_)) {}

Place Shards::place(std::string_view key) const noexcept {
  const std::uint64_t hash = hash_(key);
  const auto low = static_cast<std::uint32_t>(hash);
  return Place{static_cast<std::uint32_t>((hash >> 32) & (count_ - 1)), low == 0 ? 1 : low};
}

void Shards::checkOpen() const {
  if (closed_) throw Failure(BackingErrc::closed);
}

Locks::Set Shards::setOf(std::span<const Place> places) const noexcept {
  Locks::Set set;
  for (const Place& place : places) set.set(place.shard);
  return set;
}

void Shards::find(Place place, std::string_view key, Found& found) {
  Now time = now();
  Shard& shard = shards_[place.shard];
  const std::lock_guard lock(shard.mutex);
  checkOpen();
  Record* record = shard.find(place.hash, key, time);
  if (record == nullptr) return;
  if (budget_.evicts()) record->setWasRead(true);
  found.take(*record);
}

void Shards::find(std::span<const std::string> keys, std::span<const Place> places,
                  std::span<Record::Pointer> found) {
  Now time = now();
  const Locks locks(all(), setOf(places));
  checkOpen();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i + ahead < keys.size()) shards_[places[i + ahead].shard].prefetch(places[i + ahead].hash);
    Record* record = shards_[places[i].shard].find(places[i].hash, keys[i], time);
    if (record == nullptr) continue;
    if (budget_.evicts()) record->setWasRead(true);
    found[i] = Record::Pointer::share(*record);
  }
}

void Shards::forget(const Record& record) noexcept {
  if (budget_.isLimited()) budget_.subtract(sizeOf(record));
}

void Shards::sweepFor(Place place, Now& time) {
  shards_[place.shard].sweep(slotsAWrite, time, steps_,
                             [&](Record::Pointer record) { forget(*record); });
}

void Shards::put(Change& change) {
  if (budget_.isLimited()) return put({&change, 1});
  Now time = now();
  Shard& shard = shards_[change.place.shard];
  const std::lock_guard lock(shard.mutex);
  checkOpen();
  sweepFor(change.place, time);
  change.record = shard.put(change.place.hash, std::move(change.record), steps_);
}

void Shards::put(std::span<Change> changes) {
  Locks::Set involved;
  for (const Change& change : changes) involved.set(change.place.shard);
  withRoom([&] {
    Now time = now();
    const Locks locks(all(), involved);
    checkOpen();
    for (const Change& change : changes) sweepFor(change.place, time);
    return tryPut(changes);
  });
}

bool Shards::exchange(Place place, std::string_view key,
                      std::optional<std::span<const std::byte>> expected, Change& desired) {
  bool isAsExpected = false;
  withRoom([&]() -> std::optional<Size> {
    Now time = now();
    Shard& shard = shards_[place.shard];
    const std::lock_guard lock(shard.mutex);
    checkOpen();
    sweepFor(place, time);
    const Record* current = shard.find(place.hash, key, time);
    isAsExpected = expected ? current != nullptr && std::ranges::equal(current->value(), *expected)
                            : current == nullptr;
    if (!isAsExpected) return std::nullopt;
    if (desired.record) return tryPut({&desired, 1});
    desired.record = shard.take(place.hash, key);
    if (desired.record) forget(*desired.record);
    return std::nullopt;
  });
  return isAsExpected;
}

// `attempt` says what it had no room for, if anything. Others may take what was made for it, so it is
// tried more than once.
template <class Attempt>
void Shards::withRoom(Attempt attempt) {
  constexpr int mostAttempts = 100;
  for (int left = budget_.evicts() ? mostAttempts : 1;; --left) {
    const std::optional<Size> missing = attempt();
    if (!missing) return;
    if (left == 0) throw Failure(BackingErrc::full, "the limit of the options");
    if (budget_.evicts()) {
      evictFor(*missing);
    } else {
      sweepAll();  // what is over takes nobody's place
    }
  }
}

// Under the locks: what there is no room for; nullopt: it is done.
std::optional<Size> Shards::tryPut(std::span<Change> changes) {
  Size need;
  if (budget_.isLimited()) {
    need = needOf(changes);
    if (!budget_.add(need)) return need;
  }
  try {
    commit(changes);
  } catch (...) {
    budget_.subtract(need);
    throw;
  }
  return std::nullopt;
}

Size Shards::needOf(std::span<const Change> changes) const {
  Size need;
  Size sum;
  for (const Change& change : changes) {
    const Size size = sizeOf(*change.record);
    sum.entries += size.entries;
    sum.bytes += size.bytes;
    if (!budget_.canHold(sum)) throw Failure(BackingErrc::full, "the write is over the limit");
    const Table& table = shards_[change.place.shard].table();
    const std::size_t index = table.find(change.place.hash, change.record->key());
    const Size before = index == Table::none ? Size() : sizeOf(*table.at(index).record);
    need.entries += size.entries - before.entries;
    need.bytes += size.bytes - before.bytes;
  }
  return need;
}

void Shards::commit(std::span<Change> changes) {
  std::vector<std::string_view> keys;
  keys.reserve(changes.size());
  for (const Change& change : changes) keys.push_back(change.record->key());
  std::size_t i = 0;
  try {
    for (; i < changes.size(); ++i) {
      if (i + ahead < changes.size())
        shards_[changes[i + ahead].place.shard].prefetch(changes[i + ahead].place.hash);
      changes[i].record = shards_[changes[i].place.shard].put(changes[i].place.hash,
                                                              std::move(changes[i].record), steps_);
    }
  } catch (...) {
    while (i-- > 0)
      shards_[changes[i].place.shard].undo(changes[i].place.hash, keys[i],
                                           std::move(changes[i].record), steps_);
    throw;
  }
}

void Shards::evictFor(const Size& need) {
  Now time = now();
  // Twice round: the first time may only find what was read.
  for (std::size_t left = 2 * count_ + 2; left > 0 && !budget_.hasRoom(need);) {
    const std::size_t index = evictFrom_.load(std::memory_order_relaxed) % count_;
    Record::Pointer evicted;
    {
      Shard& shard = shards_[index];
      const std::lock_guard lock(shard.mutex);
      evicted = shard.evict(time);
    }
    if (evicted) {
      forget(*evicted);
    } else {
      evictFrom_.store(index + 1, std::memory_order_relaxed);
      --left;
    }
  }
}

Record::Pointer Shards::take(Place place, std::string_view key) {
  Shard& shard = shards_[place.shard];
  const std::lock_guard lock(shard.mutex);
  checkOpen();
  Record::Pointer taken = shard.take(place.hash, key);
  if (taken) forget(*taken);
  return taken;
}

void Shards::take(std::span<const std::string> keys, std::span<const Place> places,
                  std::span<Record::Pointer> taken) {
  const Locks locks(all(), setOf(places));
  checkOpen();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i + ahead < keys.size()) shards_[places[i + ahead].shard].prefetch(places[i + ahead].hash);
    taken[i] = shards_[places[i].shard].take(places[i].hash, keys[i]);
    if (taken[i]) forget(*taken[i]);
  }
}

bool Shards::sweepAll() {
  bool more = false;
  for (Shard& shard : all()) {
    std::size_t left = 0;
    do {
      Now time = now();
      const std::lock_guard lock(shard.mutex);
      if (left == 0) left = shard.table().slots();
      const std::size_t step = std::min(left, slotsASweep);
      shard.sweep(step, time, steps_, [&](Record::Pointer record) { forget(*record); });
      left -= step;
      if (left > 0) continue;
      shard.shrink();
      more = more || shard.expiring() > 0;
    } while (left > 0);
  }
  return more;
}

std::vector<Table> Shards::takeAllOf(const Locks& /*held*/) {
  std::vector<Table> tables;
  tables.reserve(count_);
  for (Shard& shard : all()) {
    for (std::size_t i = 0; budget_.isLimited() && i < shard.table().slots(); ++i)
      if (shard.table().at(i).hash != 0) forget(*shard.table().at(i).record);
    tables.push_back(shard.takeAll());
  }
  return tables;
}

std::vector<Table> Shards::takeAll() {
  const Locks locks(all(), Locks::Set().set());
  checkOpen();
  return takeAllOf(locks);
}

std::vector<Table> Shards::close() {
  const Locks locks(all(), Locks::Set().set());
  closed_ = true;
  return takeAllOf(locks);
}

std::size_t Shards::size() const {
  std::size_t size = 0;
  for (const Shard& shard : all()) {
    const std::lock_guard lock(shard.mutex);
    size += shard.table().size();
  }
  return size;
}

}  // namespace persistance::backing::memory
