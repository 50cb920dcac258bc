#include "backing/lmdb/changes.hpp"

#include <algorithm>

namespace persistance::backing::lmdb {

namespace {

/// A key with its value. The key is a copy, because a change of the database may change the page
/// that the key is on.
struct FoundKey {
  DatabaseKey key;
  KeyHead head;
  Bytes value;
};

/// The first at or after `from`; nullopt where there is none.
std::optional<FoundKey> firstFrom(MDB_txn* txn, MDB_dbi dbi, DatabaseKey from) {
  const CursorHandle cursor = openCursor(txn, dbi);
  MDB_val key = from.value();
  MDB_val value{};
  const int rc = mdb_cursor_get(cursor.get(), &key, &value, MDB_SET_RANGE);
  if (rc == MDB_NOTFOUND) return std::nullopt;
  check(rc, "scanning");
  const auto head = headOf(asBytes(key));
  if (!head || key.mv_size > maxKeyInDatabase)
    throw Failure(BackingErrc::corrupt, "a key is none of this library's");
  return FoundKey{DatabaseKey(asBytes(key)), *head, asBytes(value)};
}

}  // namespace

std::uint64_t Changes::takeNextNumber() {
  const std::uint64_t number = readNextNumber(txn_, keyspace_.dbi);
  putMeta(txn_, keyspace_.dbi, nextNumberName, encodeNumber(number + 1));
  return number;
}

std::uint64_t Changes::numberFor(std::string_view storeId) {
  if (const auto number = numberOf(txn_, keyspace_, storeId)) return *number;
  const std::uint64_t number = takeNextNumber();
  put(directoryNumber, storeId, encodeNumber(number), never);
  return number;
}

void Changes::put(std::uint64_t number, std::string_view key, Bytes value, ExpiryTime expires) {
  const Place place = locate(txn_, keyspace_, number, key);
  if (place.sealed) forgetExpiry(place.name.bytes(), *place.sealed);
  const std::string_view longKey = needsDigest(key) ? key : std::string_view();
  putSealed(txn_, keyspace_.dbi, place.name, expires, longKey, value);
  if (expires != never) insertEmpty(expiryKey(expires, place.name.bytes()));
}

void Changes::remove(std::string_view storeId, std::span<const std::string> keys) {
  const auto number = numberOf(txn_, keyspace_, storeId);
  if (!number) return;
  for (const std::string& key : keys) removeOne(*number, key);
}

void Changes::removeOne(std::uint64_t number, std::string_view key) {
  const Place place = locate(txn_, keyspace_, number, key);
  if (!place.sealed) return;
  forgetExpiry(place.name.bytes(), *place.sealed);
  erase(place.name.bytes());
}

bool Changes::exchange(std::string_view storeId, const CompareAndSet& set,
                       std::chrono::system_clock::time_point now) {
  const auto number = numberOf(txn_, keyspace_, storeId);
  std::optional<Bytes> current;
  if (number) {
    const Place place = locate(txn_, keyspace_, *number, set.key);
    if (place.sealed) {
      const Record record = unsealOrFail(place.name.bytes(), *place.sealed);
      if (!isGone(record.expires, now)) current = record.value;
    }
  }
  if (current.has_value() != set.expected.has_value()) return false;
  if (current && !std::ranges::equal(*current, set.expected->bytes())) return false;
  if (set.desired)
    put(numberFor(storeId), set.key, set.desired->value.bytes(), set.desired->expires);
  else if (current)
    removeOne(*number, set.key);
  return true;
}

void Changes::clear(std::string_view storeId) {
  const auto number = numberOf(txn_, keyspace_, storeId);
  if (!number || !holdsAnything(*number)) return;
  put(directoryNumber, storeId, encodeNumber(takeNextNumber()), never);
  putSealed(txn_, keyspace_.dbi, garbageKey(*number), never, {}, {});
}

bool Changes::holdsAnything(std::uint64_t number) {
  const auto first = firstFrom(txn_, keyspace_.dbi, valuePrefix(number));
  return first && first->head.kind == Kind::value && first->head.number == number;
}

void Changes::forgetExpiry(Bytes name, Bytes sealed) {
  const auto time = peekExpiry(sealed);
  if (time && *time != never) erase(expiryKey(*time, name).bytes());
}

void Changes::erase(Bytes databaseKey) {
  MDB_val key = asValue(databaseKey);
  const int rc = mdb_del(txn_, keyspace_.dbi, &key, nullptr);
  if (rc != MDB_NOTFOUND) check(rc, "deleting");
}

void Changes::insertEmpty(DatabaseKey databaseKey) {
  MDB_val key = databaseKey.value();
  MDB_val nothing{};
  check(mdb_put(txn_, keyspace_.dbi, &key, &nothing, 0), "writing an index entry");
}

bool Changes::isInUse(std::uint64_t number) {
  if (!inUse_) {
    inUse_.emplace();
    Keyspace anywhere = keyspace_;
    anywhere.map = {};  // the pages that this transaction has changed are outside of it
    for (const DirectoryRecord& record : readDirectory(txn_, anywhere))
      inUse_->insert(record.number);
  }
  return inUse_->contains(number);
}

void Changes::carryOver() {
  Identity identity = readIdentity(txn_, keyspace_.dbi);
  if (identity.format == formatNumber) return;
  auto entry = firstFrom(txn_, keyspace_.dbi, DatabaseKey(Kind::garbage));
  for (; entry; entry = firstFrom(txn_, keyspace_.dbi, garbageKey(entry->head.number + 1)))
    putSealed(txn_, keyspace_.dbi, entry->key, never, {}, {});
  identity.format = formatNumber;
  putMeta(txn_, keyspace_.dbi, identityName, encodeIdentity(identity));
}

std::size_t Changes::sweepExpired(std::chrono::system_clock::time_point now, std::size_t limit) {
  std::size_t swept = 0;
  for (; swept < limit; ++swept) {
    const auto entry = firstFrom(txn_, keyspace_.dbi, DatabaseKey(Kind::expiry));
    if (!entry || entry->head.kind != Kind::expiry) break;
    const ExpiryTime time = entry->head.number;
    if (!isGone(time, now)) break;
    const auto name = valueKeyOf(entry->key.bytes());
    const auto sealed = name ? lookUp(txn_, keyspace_.dbi, name->bytes()) : std::nullopt;
    if (sealed && peekExpiry(*sealed) == time) erase(name->bytes());
    erase(entry->key.bytes());
  }
  return swept;
}

std::size_t Changes::sweepGarbage(std::size_t limit) {
  std::size_t swept = 0;
  while (swept < limit) {
    const auto entry = firstFrom(txn_, keyspace_.dbi, DatabaseKey(Kind::garbage));
    if (!entry) break;
    checkGarbage(entry->key.bytes(), entry->value, formatNumber);
    if (isInUse(entry->head.number))
      throw Failure(BackingErrc::corrupt, "a store that is in use is marked as cleared");
    swept += sweepStore(entry->head.number, limit - swept);
    if (swept >= limit) break;
    erase(entry->key.bytes());
    ++swept;
  }
  return swept;
}

std::size_t Changes::sweepStore(std::uint64_t number, std::size_t limit) {
  std::size_t swept = 0;
  for (; swept < limit; ++swept) {
    const auto entry = firstFrom(txn_, keyspace_.dbi, valuePrefix(number));
    if (!entry || entry->head.kind != Kind::value || entry->head.number != number) break;
    forgetExpiry(entry->key.bytes(), entry->value);
    erase(entry->key.bytes());
  }
  return swept;
}

}  // namespace persistance::backing::lmdb
