#include "backing/memory/store.hpp"

#include "backing/expiry.hpp"

#include <persistance/detail/guard.hpp>

#include <algorithm>

namespace persistance::backing::memory {
namespace {

// A step of an operation on many keys: a third of a millisecond.
constexpr std::size_t keysAStep = 1024;
// Fewer records than that are destroyed where they are.
constexpr std::size_t fewRecords = 1024;

bool isStepOver(std::size_t done) { return done % keysAStep == keysAStep - 1; }

}  // namespace

MemoryStore::MemoryStore(const MemoryOptions& options) : shards_(options) {}

MemoryStore::~MemoryStore() { close(); }

asio::awaitable<void> MemoryStore::readOne(const std::string& key, Sink& sink) {
  Found found;
  shards_.find(shards_.place(key), key, found);
  if (found) sink.found(0, found.value());
  return {};
}

asio::awaitable<void> MemoryStore::find(const std::string& key, Sink& sink,
                                        std::optional<std::chrono::milliseconds>& timeToLive) {
  Found found;
  shards_.find(shards_.place(key), key, found);
  if (!found) return {};
  if (const auto end = found.end()) timeToLive = timeLeft(*end, shards_.now().get());
  sink.found(0, found.value());
  return {};
}

std::vector<Place> MemoryStore::placesOf(std::span<const std::string> keys) const {
  std::vector<Place> places;
  places.reserve(keys.size());
  for (const std::string& key : keys) places.push_back(shards_.place(key));
  return places;
}

asio::awaitable<std::vector<Place>> MemoryStore::placesInSteps(
    std::span<const std::string> keys) const {
  std::vector<Place> places(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    places[i] = shards_.place(keys[i]);
    if (isStepOver(i)) co_await detail::nextTurn();
  }
  co_return places;
}

asio::awaitable<void> MemoryStore::read(std::span<const std::string> keys, Sink& sink) {
  if (keys.size() > keysAStep) return readMany(keys, sink);
  const std::vector<Place> places = placesOf(keys);
  std::vector<Record::Pointer> found(keys.size());
  shards_.find(keys, places, found);
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (found[i]) sink.found(i, found[i]->value());
  return {};
}

asio::awaitable<void> MemoryStore::readMany(std::span<const std::string> keys, Sink& sink) {
  const std::vector<Place> places = co_await placesInSteps(keys);
  std::vector<Record::Pointer> found(keys.size());
  shards_.find(keys, places, found);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (found[i]) sink.found(i, std::exchange(found[i], {})->value());
    if (isStepOver(i)) co_await detail::nextTurn();
  }
}

std::optional<TimePoint> MemoryStore::endOf(
    const std::optional<std::chrono::milliseconds>& timeToLive, Now& now) {
  if (!timeToLive) return std::nullopt;
  if (!isSwept_.load(std::memory_order_relaxed) && !isSwept_.exchange(true))
    sweepInTime(weak_from_this());
  return expiresAt(now.get(), *timeToLive);
}

Change MemoryStore::changeOf(const Entry& entry, Now& now) {
  return Change{shards_.place(entry.key),
                Record::make(entry.key, entry.value.bytes(), endOf(entry.timeToLive, now))};
}

asio::awaitable<void> MemoryStore::write(std::span<Entry> entries) {
  if (entries.size() > keysAStep) return writeMany(entries);
  Now now = shards_.now();
  if (entries.size() == 1) {
    Change change = changeOf(entries.front(), now);
    shards_.put(change);
    return {};
  }
  std::vector<Change> changes;
  changes.reserve(entries.size());
  for (const Entry& entry : entries) changes.push_back(changeOf(entry, now));
  shards_.put(changes);
  return {};
}

asio::awaitable<void> MemoryStore::writeMany(std::span<Entry> entries) {
  Now now = shards_.now();
  std::vector<Change> changes;
  changes.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    changes.push_back(changeOf(entries[i], now));
    entries[i].value = Unknown();  // it has been copied
    if (isStepOver(i)) co_await detail::nextTurn();
  }
  shards_.put(changes);
  while (!changes.empty()) {
    changes.pop_back();  // what was there before
    if (isStepOver(changes.size())) co_await detail::nextTurn();
  }
}

asio::awaitable<void> MemoryStore::exchange(Exchange& exchange) {
  Now now = shards_.now();
  Change desired{shards_.place(exchange.key), {}};
  if (exchange.desired)
    desired.record =
        Record::make(exchange.key, exchange.desired->bytes(), endOf(exchange.timeToLive, now));
  std::optional<std::span<const std::byte>> expected;
  if (exchange.expected) expected = exchange.expected->bytes();
  exchange.done = shards_.exchange(desired.place, exchange.key, expected, desired);
  return {};
}

asio::awaitable<void> MemoryStore::remove(const std::string& key) {
  (void)shards_.take(shards_.place(key), key);
  return {};
}

asio::awaitable<void> MemoryStore::removeMany(std::span<const std::string> keys) {
  if (keys.size() > keysAStep) return removeInSteps(keys);
  const std::vector<Place> places = placesOf(keys);
  std::vector<Record::Pointer> taken(keys.size());
  shards_.take(keys, places, taken);
  return {};
}

asio::awaitable<void> MemoryStore::removeInSteps(std::span<const std::string> keys) {
  const std::vector<Place> places = co_await placesInSteps(keys);
  std::vector<Record::Pointer> taken(keys.size());
  shards_.take(keys, places, taken);
  while (!taken.empty()) {
    taken.pop_back();
    if (isStepOver(taken.size())) co_await detail::nextTurn();
  }
}

asio::awaitable<void> MemoryStore::clear() {
  discard(shards_.takeAll());
  return {};
}

asio::awaitable<void> MemoryStore::keys(const KeyQuery& query, KeyPage& page) {
  const std::string after = query.after().value_or("");
  const Place begin = query.after() ? shards_.place(after) : Place{0, 1};
  std::vector<std::string>& keys = page.keys;
  Place previous;
  std::size_t first = 0;  // of those that share a hash with the last one
  // One more than fits, to know whether this is the last page.
  const auto add = [&](Place place, const Record& record) {
    const bool isFirst = query.after() && place.shard == begin.shard && place.hash == begin.hash;
    if (!record.key().starts_with(query.prefix()) || (isFirst && record.key() <= after)) return;
    if (place.shard != previous.shard || place.hash != previous.hash) first = keys.size();
    previous = place;
    keys.emplace(std::upper_bound(keys.begin() + static_cast<std::ptrdiff_t>(first), keys.end(),
                                  record.key()),
                 record.key());
  };
  std::optional<Place> next = begin;
  while (next && keys.size() <= query.limit()) {
    next = shards_.scan(*next, keysAStep, add);
    if (next) co_await detail::nextTurn();
  }
  if (keys.size() > query.limit()) {
    keys.resize(query.limit());
    page.next = keys.back();
  }
}

// Before it looks for entries that end, it has to be able to be told of new ones.
bool MemoryStore::sweepAll() noexcept {
  isSwept_ = false;
  bool more = true;
  try {
    more = shards_.sweepAll();
  } catch (...) {  // the clock's: the next time may go well
  }
  return more && !isSwept_.exchange(true);
}

void MemoryStore::close() noexcept try {
  discard(shards_.close());
} catch (const std::bad_alloc&) {  // it is closed, and its entries go with the store
}

void MemoryStore::discard(std::vector<Table> tables) noexcept {
  std::size_t records = 0;
  for (const Table& table : tables) records += table.size();
  if (records > fewRecords) destroyElsewhere(std::move(tables));
}

}  // namespace persistance::backing::memory
