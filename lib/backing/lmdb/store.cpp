#include "backing/lmdb/store.hpp"

namespace persistance::backing::lmdb {

namespace {

void refuseLongKey(const std::string& key) {
  if (key.size() > maxKeySize) throw Failure(BackingErrc::tooLarge, "the key is too long");
}

}  // namespace

asio::awaitable<void> LmdbStore::read(std::span<const std::string> keys, Sink& sink) {
  engine_->refuseAfterFork();
  const auto lease = engine_->reads.tryLease();
  if (!lease) return readLater(keys, sink);
  readNow(*lease, keys, sink);
  return {};
}

asio::awaitable<void> LmdbStore::readOne(const std::string& key, Sink& sink) {
  return read({&key, 1}, sink);
}

asio::awaitable<void> LmdbStore::readLater(std::span<const std::string> keys, Sink& sink) {
  const ReadPool::Lease lease = co_await engine_->lease();
  readNow(lease, keys, sink);
}

void LmdbStore::readNow(const ReadPool::Lease& lease, std::span<const std::string> keys,
                        Sink& sink) {
  const Table& table = engine_->table;
  const auto number = lease.numbers().number(lease.txn(), table, ordinal_, *storeId_);
  if (!number) return;
  std::optional<std::chrono::system_clock::time_point> now;
  for (std::size_t slot = 0; slot < keys.size(); ++slot) {
    refuseLongKey(keys[slot]);
    const Place place = locate(lease.txn(), table, *number, keys[slot]);
    if (!place.sealed) continue;
    const Record record = unsealOrFail(place.name.bytes(), *place.sealed);
    if (record.expires != never) {
      if (!now) now = engine_->options.clock();
      if (isGone(record.expires, *now)) continue;
    }
    sink.found(slot, record.value);
  }
}

asio::awaitable<void> LmdbStore::write(std::span<backing::Entry> entries) {
  engine_->refuseAfterFork();
  PutAll change;
  change.entries.reserve(entries.size());
  const auto now = engine_->options.clock();
  for (backing::Entry& entry : entries) {
    refuseLongKey(entry.key);
    if (entry.value.bytes().size() > engine_->options.valueLimit.bytes())
      throw Failure(BackingErrc::tooLarge, "the value is over the limit of the options");
    const ExpiryTime expires =
        entry.timeToLive ? expiryAfter(now, *entry.timeToLive) : ExpiryTime(never);
    change.entries.push_back({entry.key, std::move(entry.value), expires});
  }
  return submit(std::move(change));
}

asio::awaitable<void> LmdbStore::remove(const std::string& key) {
  engine_->refuseAfterFork();
  refuseLongKey(key);
  return submit(RemoveOne{key, std::nullopt});
}

asio::awaitable<void> LmdbStore::removeIfUnchanged(const std::string& key,
                                                   std::span<const std::byte> bytes) {
  engine_->refuseAfterFork();
  refuseLongKey(key);
  return submit(RemoveOne{key, std::vector<std::byte>(bytes.begin(), bytes.end())});
}

asio::awaitable<void> LmdbStore::clear() {
  engine_->refuseAfterFork();
  return submit(ClearAll{});
}

asio::awaitable<void> LmdbStore::submit(Change change) {
  return WriteQueue::submit(engine_->queue, storeId_, std::move(change), engine_->options.deadline);
}

}  // namespace persistance::backing::lmdb
