#include "backing/lmdb/store.hpp"

#include "backing/lmdb/key_scan.hpp"

#include <persistance/detail/guard.hpp>

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
  visitNow(lease, keys,
           [&](std::size_t slot, const Record& record) { sink.found(slot, record.value); });
}

template <class Visit>
void LmdbStore::visitNow(const ReadPool::Lease& lease, std::span<const std::string> keys,
                         Visit visit) {
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
    visit(slot, record);
  }
}

asio::awaitable<void> LmdbStore::find(const std::string& key, Sink& sink,
                                      std::optional<std::chrono::milliseconds>& timeToLive) {
  file_->refuseAfterFork();
  const ReadPool::Lease lease = co_await file_->reads.lease(file_->options.deadline);
  visitNow(lease, {&key, 1}, [&](std::size_t slot, const Record& record) {
    if (record.expires != never) timeToLive = timeLeft(record.expires, file_->options.clock());
    sink.found(slot, record.value);
  });
}

asio::awaitable<void> LmdbStore::keys(const KeyQuery& query, KeyPage& page) {
  file_->refuseAfterFork();
  KeyScan scan(file_->keyspace, query);
  for (bool done = false; !done;) {
    {
      const ReadPool::Lease lease = co_await file_->reads.lease(file_->options.deadline);
      const auto number = lease.numbers().number(lease.txn(), file_->keyspace, ordinal_, *storeId_);
      done = !number || scan.step(lease.txn(), *number, file_->options.clock(), page);
    }
    if (!done) co_await detail::nextTurn();
  }
}

Put LmdbStore::putOf(const std::string& key, Unknown value,
                     std::optional<std::chrono::milliseconds> timeToLive,
                     std::chrono::system_clock::time_point now) const {
  if (value.bytes().size() > file_->options.valueLimit.bytes())
    throw Failure(BackingErrc::tooLarge, "the value is over the limit of the options");
  return Put{key, std::move(value), timeToLive ? expiryAfter(now, *timeToLive) : never};
}

asio::awaitable<void> LmdbStore::write(std::span<backing::Entry> entries) {
  file_->refuseAfterFork();
  PutAll change;
  change.entries.reserve(entries.size());
  const auto now = file_->options.clock();
  for (backing::Entry& entry : entries) {
    refuseLongKey(entry.key);
    change.entries.push_back(putOf(entry.key, std::move(entry.value), entry.timeToLive, now));
  }
  return submit(std::move(change));
}

asio::awaitable<void> LmdbStore::remove(const std::string& key) { return removeMany({&key, 1}); }

asio::awaitable<void> LmdbStore::removeMany(std::span<const std::string> keys) {
  file_->refuseAfterFork();
  for (const std::string& key : keys) refuseLongKey(key);
  return submit(RemoveAll{std::vector<std::string>(keys.begin(), keys.end())});
}

asio::awaitable<void> LmdbStore::exchange(Exchange& exchange) {
  file_->refuseAfterFork();
  refuseLongKey(exchange.key);
  CompareAndSet set;
  set.key = exchange.key;
  set.expected = std::move(exchange.expected);
  if (exchange.desired)
    set.desired = putOf(exchange.key, std::move(*exchange.desired), exchange.timeToLive,
                        file_->options.clock());
  const auto done = std::make_shared<bool>(false);
  set.done = done;
  auto submitted = submit(std::move(set));
  co_await std::move(submitted);
  exchange.done = *done;
}

asio::awaitable<void> LmdbStore::clear() {
  file_->refuseAfterFork();
  return submit(ClearAll{});
}

asio::awaitable<void> LmdbStore::submit(Change change) {
  return WriteQueue::submit(file_->queue, storeId_, std::move(change), file_->options.deadline);
}

}  // namespace persistance::backing::lmdb
