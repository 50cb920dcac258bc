#include "backing/lmdb/changes.hpp"

#include <algorithm>

namespace persistance::backing::lmdb {

namespace {

DatabaseKey expiryName(ExpiryTime time, Bytes name) {
  DatabaseKey key;
  key.number(time).append(name);
  return key;
}

/// The first entry at or after `from`; nullopt where there is none. The key is a copy, because what
/// follows changes the page that it stands on.
struct Entry {
  DatabaseKey name;
  Bytes value;
};
std::optional<Entry> firstFrom(MDB_txn* txn, MDB_dbi dbi, DatabaseKey from) {
  MDB_cursor* opened = nullptr;
  check(mdb_cursor_open(txn, dbi, &opened), "opening a cursor");
  const CursorHandle cursor(opened);
  MDB_val key = from.value();
  MDB_val value{};
  const int rc = mdb_cursor_get(cursor.get(), &key, &value, MDB_SET_RANGE);
  if (rc == MDB_NOTFOUND) return std::nullopt;
  check(rc, "scanning");
  Entry entry{DatabaseKey().append(asBytes(key)), asBytes(value)};
  return entry;
}

DatabaseKey numberKey(std::uint64_t number) { return DatabaseKey().number(number); }

}  // namespace

std::uint64_t Changes::takeNextNumber() {
  const auto stored = getMeta(txn_, tables_.meta, nextNumberKey);
  const auto number = stored ? decodeNumber(*stored) : std::nullopt;
  if (!number) throw Failure(BackingErrc::corrupt, "the counter of store numbers is lost");
  putMeta(txn_, tables_.meta, nextNumberKey, encodeNumber(*number + 1));
  return *number;
}

std::uint64_t Changes::numberFor(std::string_view storeId) {
  if (const auto number = numberOf(txn_, tables_, storeId)) return *number;
  const std::uint64_t number = takeNextNumber();
  put(directoryNumber, storeId, encodeNumber(number), never);
  return number;
}

void Changes::put(std::uint64_t number, std::string_view key, Bytes value, ExpiryTime expires) {
  Place place = locate(txn_, tables_, number, key);
  if (place.sealed) forgetExpiry(place.name.bytes(), *place.sealed);
  const std::string_view longKey = needsDigest(key) ? key : std::string_view();
  MDB_val name = place.name.value();
  MDB_val sealed{sealedSize(longKey, value.size()), nullptr};
  check(mdb_put(txn_, tables_.data, &name, &sealed, MDB_RESERVE), "writing a value");
  seal(static_cast<std::byte*>(sealed.mv_data), place.name.bytes(), expires, longKey, value);
  if (expires != never) insert(tables_.expiry, expiryName(expires, place.name.bytes()).bytes(), {});
}

void Changes::remove(std::string_view storeId, std::string_view key, std::optional<Bytes> onlyIf) {
  const auto number = numberOf(txn_, tables_, storeId);
  if (!number) return;
  const Place place = locate(txn_, tables_, *number, key);
  if (!place.sealed) return;
  const Bytes name = place.name.bytes();
  if (onlyIf && !std::ranges::equal(unsealOrFail(name, *place.sealed).value, *onlyIf)) return;
  forgetExpiry(name, *place.sealed);
  erase(tables_.data, name);
}

void Changes::clear(std::string_view storeId) {
  const auto number = numberOf(txn_, tables_, storeId);
  if (!number || !holdsAnything(*number)) return;
  put(directoryNumber, storeId, encodeNumber(takeNextNumber()), never);
  insert(tables_.garbage, numberKey(*number).bytes(), {});
}

bool Changes::holdsAnything(std::uint64_t number) {
  const auto first = firstFrom(txn_, tables_.data, numberKey(number));
  return first && belongsTo(first->name.bytes(), number);
}

void Changes::forgetExpiry(Bytes name, Bytes sealed) {
  const auto time = peekExpiry(sealed);
  if (time && *time != never) erase(tables_.expiry, expiryName(*time, name).bytes());
}

void Changes::erase(MDB_dbi dbi, Bytes databaseKey) {
  MDB_val key = asValue(databaseKey);
  const int rc = mdb_del(txn_, dbi, &key, nullptr);
  if (rc != MDB_NOTFOUND) check(rc, "deleting");
}

void Changes::insert(MDB_dbi dbi, Bytes databaseKey, Bytes value) {
  MDB_val key = asValue(databaseKey);
  MDB_val data = asValue(value);
  check(mdb_put(txn_, dbi, &key, &data, 0), "writing an index entry");
}

std::size_t Changes::sweepExpired(std::chrono::system_clock::time_point now, std::size_t limit) {
  std::size_t swept = 0;
  for (; swept < limit; ++swept) {
    const auto entry = firstFrom(txn_, tables_.expiry, numberKey(0));
    if (!entry) break;
    const Bytes indexKey = entry->name.bytes();
    const ExpiryTime time = bigEndian(indexKey);
    if (!isGone(time, now)) break;
    const Bytes name = indexKey.subspan(timeSize);
    const auto sealed = lookUp(txn_, tables_.data, name);
    if (sealed && peekExpiry(*sealed) == time) erase(tables_.data, name);
    erase(tables_.expiry, indexKey);
  }
  return swept;
}

std::size_t Changes::sweepGarbage(std::size_t limit) {
  std::size_t swept = 0;
  while (swept < limit) {
    const auto entry = firstFrom(txn_, tables_.garbage, numberKey(0));
    if (!entry) break;
    const std::uint64_t number = bigEndian(entry->name.bytes());
    const std::size_t batch = sweepNumber(number, limit - swept);
    swept += batch;
    if (swept >= limit) break;
    erase(tables_.garbage, entry->name.bytes());
    ++swept;
  }
  return swept;
}

std::size_t Changes::sweepNumber(std::uint64_t number, std::size_t limit) {
  std::size_t swept = 0;
  for (; swept < limit; ++swept) {
    const auto entry = firstFrom(txn_, tables_.data, numberKey(number));
    if (!entry || !belongsTo(entry->name.bytes(), number)) break;
    forgetExpiry(entry->name.bytes(), entry->value);
    erase(tables_.data, entry->name.bytes());
  }
  return swept;
}

}  // namespace persistance::backing::lmdb
