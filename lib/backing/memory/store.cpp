#include "backing/memory/store.hpp"

#include <algorithm>
#include <utility>

#include "backing/expiry.hpp"

namespace persistance::backing::memory {
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
  if (entries.size() == 1) {
    if (overwrite(entries.front())) return {};
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
  if (const auto position = table_->map.find(key); position != table_->map.end()) erase(position);
  return {};
}

asio::awaitable<void> MemoryStore::removeIfUnchanged(const std::string& key,
                                                     std::span<const std::byte> bytes) {
  const std::lock_guard lock(mutex_);
  checkOpen();
  const auto position = table_->map.find(key);
  if (position != table_->map.end() && std::ranges::equal(position->second.value.bytes(), bytes))
    erase(position);
  return {};
}

asio::awaitable<void> MemoryStore::clear() {
  auto table = std::make_unique<Table>();
  const std::lock_guard lock(mutex_);
  checkOpen();
  table_.swap(table);
  return {};  // the old table is destroyed after the lock is released
}

void MemoryStore::close() noexcept {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  table_->expiries.clear();
  table_->map.clear();
}

std::size_t MemoryStore::size() const {
  const std::lock_guard lock(mutex_);
  return table_->map.size();
}

void MemoryStore::checkOpen() const {
  if (closed_) throw Failure(BackingErrc::closed);
}

const MemoryStore::Slot* MemoryStore::findAlive(const std::string& key, TimePoint time) const {
  const auto position = table_->map.find(key);
  if (position == table_->map.end()) return nullptr;
  const Slot& slot = position->second;
  if (slot.expiry != table_->expiries.end() && isExpired(slot.expiry->first, time)) return nullptr;
  return &slot;
}

// The hot path: a lasting value in place of a lasting value. False: it is something else.
bool MemoryStore::overwrite(Entry& entry) {
  if (entry.timeToLive) return false;
  const std::lock_guard lock(mutex_);
  const auto position = table_->map.find(entry.key);
  if (position == table_->map.end() || position->second.expiry != table_->expiries.end())
    return false;
  sweep(now());
  swap(position->second.value, entry.value);
  return true;
}

void MemoryStore::writeAll(std::span<Entry> entries, std::span<Prepared> prepared) {
  const std::lock_guard lock(mutex_);
  checkOpen();
  const bool expires =
      std::ranges::any_of(entries, [](const Entry& e) { return e.timeToLive.has_value(); });
  const TimePoint time = expires ? options_.clock() : now();
  sweep(time);
  prepare(entries, prepared, time);
  for (std::size_t i = 0; i < entries.size(); ++i) commit(entries[i], prepared[i]);
}

// Allocates everything that the write needs. If that fails, what was there before is there again.
void MemoryStore::prepare(std::span<const Entry> entries, std::span<Prepared> prepared,
                          TimePoint time) try {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto [position, isNew] =
        table_->map.try_emplace(entries[i].key, Slot{{}, table_->expiries.end()});
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
    if (item.isNew) table_->map.erase(item.slot->first);
  throw;
}

void MemoryStore::commit(Entry& entry, Prepared& prepared) noexcept {
  Slot& slot = prepared.slot->second;
  swap(slot.value, entry.value);  // the old value is destroyed by the caller, outside the lock
  if (slot.expiry != table_->expiries.end()) table_->expiries.erase(slot.expiry);
  slot.expiry = prepared.expiry.empty() ? table_->expiries.end()
                                        : table_->expiries.insert(std::move(prepared.expiry));
}

void MemoryStore::erase(Map::iterator position) noexcept {
  if (position->second.expiry != table_->expiries.end())
    table_->expiries.erase(position->second.expiry);
  table_->map.erase(position);
}

void MemoryStore::sweep(TimePoint time) noexcept {
  for (int i = 0; i < sweepStep && !table_->expiries.empty(); ++i) {
    const auto first = table_->expiries.begin();
    if (!isExpired(first->first, time)) return;
    erase(table_->map.find(*first->second));
  }
}

}  // namespace persistance::backing::memory
