#include "backing/memory_store.hpp"

#include <algorithm>
#include <utility>

#include "backing/expiry.hpp"

namespace persistance::backing {
namespace {

// Each operation removes at most this many dead entries. More than one write can add, so dead
// entries never pile up; few enough that no operation pays for the others.
constexpr int sweepStep = 4;

}  // namespace

MemoryStore::MemoryStore(MemoryOptions options) : options_(std::move(options)) {}

asio::awaitable<void> MemoryStore::readOne(const std::string& key, Sink& sink) {
  std::optional<Unknown> value;
  {
    const std::lock_guard lock(mutex_);
    checkOpen();
    const TimePoint time = now();
    sweep(time);
    if (const Slot* slot = findAlive(key, time)) value = slot->value;
  }
  if (value) sink.found(0, value->bytes());
  return {};
}

asio::awaitable<void> MemoryStore::read(std::span<const std::string> keys, Sink& sink) {
  std::vector<std::optional<Unknown>> values(keys.size());
  {
    const std::lock_guard lock(mutex_);
    checkOpen();
    const TimePoint time = now();
    sweep(time);
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (const Slot* slot = findAlive(keys[i], time)) values[i] = slot->value;
  }
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (values[i]) sink.found(i, values[i]->bytes());
  return {};
}

asio::awaitable<void> MemoryStore::write(std::span<Entry> entries) {
  if (entries.size() == 1) {  // the hot path: an overwriting write allocates nothing
    Prepared one;
    writeAll(entries, {&one, 1});
  } else {
    std::vector<Prepared> many(entries.size());
    writeAll(entries, many);
  }
  return {};
}

asio::awaitable<void> MemoryStore::remove(const std::string& key) {
  const std::lock_guard lock(mutex_);
  checkOpen();
  sweep(now());
  if (const auto position = map_.find(key); position != map_.end()) erase(position);
  return {};
}

asio::awaitable<void> MemoryStore::removeIfUnchanged(const std::string& key,
                                                     std::span<const std::byte> bytes) {
  const std::lock_guard lock(mutex_);
  checkOpen();
  const auto position = map_.find(key);
  if (position != map_.end() && std::ranges::equal(position->second.value.bytes(), bytes))
    erase(position);
  return {};
}

asio::awaitable<void> MemoryStore::clear() {
  Map old;  // destroyed after the lock is released
  {
    const std::lock_guard lock(mutex_);
    checkOpen();
    old.swap(map_);
    expiries_.clear();
  }
  return {};
}

void MemoryStore::close() noexcept {
  Map old;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  old.swap(map_);
  expiries_.clear();
}

std::size_t MemoryStore::size() const {
  const std::lock_guard lock(mutex_);
  return map_.size();
}

void MemoryStore::checkOpen() const {
  if (closed_) throw Failure(BackingErrc::closed);
}

const MemoryStore::Slot* MemoryStore::findAlive(const std::string& key, TimePoint time) const {
  const auto position = map_.find(key);
  if (position == map_.end()) return nullptr;
  const Slot& slot = position->second;
  if (slot.expiry != expiries_.end() && isExpired(slot.expiry->first, time)) return nullptr;
  return &slot;
}

void MemoryStore::writeAll(std::span<Entry> entries, std::span<Prepared> prepared) {
  const std::lock_guard lock(mutex_);
  checkOpen();
  const bool expires =
      std::ranges::any_of(entries, [](const Entry& e) { return e.timeToLive.has_value(); });
  const TimePoint time = expires ? options_.now() : now();
  sweep(time);
  prepare(entries, prepared, time);
  for (std::size_t i = 0; i < entries.size(); ++i) commit(entries[i], prepared[i]);
}

// Allocates everything that the write needs. If that fails, what was there before is there again.
void MemoryStore::prepare(std::span<const Entry> entries, std::span<Prepared> prepared,
                          TimePoint time) try {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto [position, isNew] = map_.try_emplace(entries[i].key, Slot{{}, expiries_.end()});
    prepared[i].slot = &*position;
    prepared[i].isNew = isNew;
    if (!entries[i].timeToLive) continue;
    if (const auto end = expiresAt(time, *entries[i].timeToLive)) {
      Expiries one;
      one.emplace(*end, &position->first);
      prepared[i].expiry = one.extract(one.begin());
    }
  }
} catch (...) {
  for (const Prepared& item : prepared)
    if (item.isNew) map_.erase(item.slot->first);
  throw;
}

void MemoryStore::commit(Entry& entry, Prepared& prepared) noexcept {
  Slot& slot = prepared.slot->second;
  std::swap(slot.value, entry.value);  // the old value is destroyed by the caller, outside the lock
  if (slot.expiry != expiries_.end()) expiries_.erase(slot.expiry);
  slot.expiry =
      prepared.expiry.empty() ? expiries_.end() : expiries_.insert(std::move(prepared.expiry));
}

void MemoryStore::erase(Map::iterator position) noexcept {
  if (position->second.expiry != expiries_.end()) expiries_.erase(position->second.expiry);
  map_.erase(position);
}

void MemoryStore::sweep(TimePoint time) noexcept {
  for (int i = 0; i < sweepStep && !expiries_.empty(); ++i) {
    const auto first = expiries_.begin();
    if (!isExpired(first->first, time)) return;
    erase(map_.find(*first->second));
  }
}

}  // namespace persistance::backing
