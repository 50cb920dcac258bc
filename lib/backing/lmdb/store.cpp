#include "backing/lmdb/store.hpp"

namespace persistance::backing::lmdb {

namespace {

void refuseLongKey(const std::string& key) {
  if (key.size() > maxKeySize) throw Failure(BackingErrc::tooLarge, "the key is too long");
}

}  // namespace

asio::awaitable<void> LmdbStore::read(std::span<const std::string> keys, Sink& sink) {
  file_->refuseAfterFork();
  if (file_->options.readThreads > 0) return readPrefetched(keys, sink);
  const auto lease = file_->reads.tryLease();
  if (!lease) return readLater(keys, sink);
  readNow(*lease, keys, sink);
  return {};
}

asio::awaitable<void> LmdbStore::readPrefetched(std::span<const std::string> keys, Sink& sink) {
  for (const std::string& key : keys) refuseLongKey(key);
  std::vector<std::string> copies(keys.begin(), keys.end());
  co_await file_->prefetcher.prefetch(ordinal_, storeId_, std::move(copies),
                                      file_->options.deadline);
  co_await readLater(keys, sink);
}

asio::awaitable<void> LmdbStore::readOne(const std::string& key, Sink& sink) {
  return read({&key, 1}, sink);
}

asio::awaitable<void> LmdbStore::readLater(std::span<const std::string> keys, Sink& sink) {
  const ReadPool::Lease lease = co_await file_->reads.lease(file_->options.deadline);
  readNow(lease, keys, sink);
}

void LmdbStore::readNow(const ReadPool::Lease& lease, std::span<const std::string> keys,
                        Sink& sink) {
  const Keyspace& keyspace = file_->keyspace;
  const auto number = lease.numbers().number(lease.txn(), keyspace, ordinal_, *storeId_);
  if (!number) return;
  std::optional<std::chrono::system_clock::time_point> now;
  for (std::size_t slot = 0; slot < keys.size(); ++slot) {
    refuseLongKey(keys[slot]);
    const Place place = locate(lease.txn(), keyspace, *number, keys[slot]);
    if (!place.sealed) continue;
    const Bytes sealed = inMap(keyspace, asValue(*place.sealed));
    const Record record = unsealOrFail(place.name.bytes(), sealed);
    if (record.expires != never) {
      if (!now) now = file_->options.clock();
      if (isGone(record.expires, *now)) continue;
    }
    sink.found(slot, record.value);
  }
}

asio::awaitable<void> LmdbStore::write(std::span<backing::Entry> entries) {
  file_->refuseAfterFork();
  PutAll change;
  change.entries.reserve(entries.size());
  const auto now = file_->options.clock();
  for (backing::Entry& entry : entries) {
    refuseLongKey(entry.key);
    if (entry.value.bytes().size() > file_->options.valueLimit.bytes())
      throw Failure(BackingErrc::tooLarge, "the value is over the limit of the options");
    const ExpiryTime expires =
        entry.timeToLive ? expiryAfter(now, *entry.timeToLive) : ExpiryTime(never);
    change.entries.push_back({entry.key, std::move(entry.value), expires});
  }
  return submit(std::move(change));
}

asio::awaitable<void> LmdbStore::remove(const std::string& key) {
  file_->refuseAfterFork();
  refuseLongKey(key);
  return submit(RemoveOne{key, std::nullopt});
}

asio::awaitable<void> LmdbStore::removeIfUnchanged(const std::string& key,
                                                   std::span<const std::byte> bytes) {
  file_->refuseAfterFork();
  refuseLongKey(key);
  return submit(RemoveOne{key, std::vector<std::byte>(bytes.begin(), bytes.end())});
}

asio::awaitable<void> LmdbStore::clear() {
  file_->refuseAfterFork();
  return submit(ClearAll{});
}

asio::awaitable<void> LmdbStore::submit(Change change) {
  return WriteQueue::submit(file_->queue, storeId_, std::move(change), file_->options.deadline);
}

}  // namespace persistance::backing::lmdb
