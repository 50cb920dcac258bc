#include "backing/lmdb/keyspace.hpp"

#include <algorithm>
#include <functional>

namespace persistance::backing::lmdb {

namespace {

bool startsWith(Bytes bytes, Bytes prefix) noexcept {
  return bytes.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

/// Keys of one digest are adjacent, and their values hold the whole keys. A new key takes the lowest
/// probe that is free, so that removals leave no gaps for ever.
Place locateByDigest(MDB_txn* txn, const Keyspace& keyspace, std::uint64_t number, std::string_view key) {
  Place place{digestPrefix(number, keyspace.digest(key, keyspace.seed)), std::nullopt};
  const CursorHandle cursor = openCursor(txn, keyspace.dbi);
  const std::size_t prefixSize = place.name.bytes().size();
  std::uint16_t free = 0;
  MDB_val name = place.name.value();
  MDB_val sealed{};
  int rc = mdb_cursor_get(cursor.get(), &name, &sealed, MDB_SET_RANGE);
  for (; rc == MDB_SUCCESS && startsWith(asBytes(name), place.name.bytes());
       rc = mdb_cursor_get(cursor.get(), &name, &sealed, MDB_NEXT)) {
    const Bytes found = asBytes(name);
    if (found.size() != prefixSize + probeSize)
      throw Failure(BackingErrc::corrupt, "the key of a long key is damaged");
    if (unsealOrFail(found, asBytes(sealed)).longKey == key) {
      place.name.append(found.subspan(prefixSize));
      place.sealed = asBytes(sealed);
      return place;
    }
    DatabaseKey expected = place.name;
    appendProbe(expected, free);
    if (startsWith(found, expected.bytes())) ++free;
  }
  if (rc != MDB_NOTFOUND) check(rc, "looking for a long key");
  appendProbe(place.name, free);
  return place;
}

Place locateWhole(MDB_txn* txn, const Keyspace& keyspace, std::uint64_t number, std::string_view key) {
  Place place{wholeName(number, key), std::nullopt};
  place.sealed = lookUp(txn, keyspace.dbi, place.name.bytes());
  return place;
}

}  // namespace

Bytes inMap(const Keyspace& keyspace, const MDB_val& value) {
  const Bytes bytes = asBytes(value);
  const auto inside = [&](const std::byte* at) {
    return std::less_equal<>()(keyspace.map.data(), at) &&
           std::less_equal<>()(at, keyspace.map.data() + keyspace.map.size());
  };
  // A size is at most 4 GiB, so the sum cannot wrap around.
  if (keyspace.map.empty() || (inside(bytes.data()) && inside(bytes.data() + bytes.size())))
    return bytes;
  throw Failure(BackingErrc::corrupt, "a page of the data file is damaged");
}

std::optional<Bytes> lookUp(MDB_txn* txn, MDB_dbi dbi, Bytes databaseKey) {
  MDB_val key = asValue(databaseKey);
  MDB_val value{};
  const int rc = mdb_get(txn, dbi, &key, &value);
  if (rc == MDB_NOTFOUND) return std::nullopt;
  check(rc, "reading");
  return asBytes(value);
}

Place locate(MDB_txn* txn, const Keyspace& keyspace, std::uint64_t number, std::string_view key) {
  // A place is half a kibibyte: written this way, neither is copied.
  return needsDigest(key) ? locateByDigest(txn, keyspace, number, key)
                          : locateWhole(txn, keyspace, number, key);
}

Record unsealOrFail(Bytes databaseKey, Bytes sealed) {
  const std::optional<Record> record = unseal(databaseKey, sealed);
  if (!record) throw Failure(BackingErrc::corrupt, "the checksum of a stored value is wrong");
  return *record;
}

std::optional<std::uint64_t> numberOf(MDB_txn* txn, const Keyspace& keyspace, std::string_view storeId) {
  const Place place = locate(txn, keyspace, directoryNumber, storeId);
  if (!place.sealed) return std::nullopt;
  const auto number = decodeNumber(unsealOrFail(place.name.bytes(), *place.sealed).value);
  if (!number) throw Failure(BackingErrc::corrupt, "the directory entry of a store is damaged");
  return number;
}

void putMeta(MDB_txn* txn, MDB_dbi dbi, std::string_view key, Bytes value) {
  DatabaseKey name = metaKey(key);
  MDB_val at = name.value();
  MDB_val sealed{sealedSize({}, value.size()), nullptr};
  check(mdb_put(txn, dbi, &at, &sealed, MDB_RESERVE), "writing a meta record");
  seal(static_cast<std::byte*>(sealed.mv_data), name.bytes(), never, {}, value);
}

std::optional<Bytes> getMeta(MDB_txn* txn, MDB_dbi dbi, std::string_view key) {
  const DatabaseKey name = metaKey(key);
  const auto sealed = lookUp(txn, dbi, name.bytes());
  if (!sealed) return std::nullopt;
  return unsealOrFail(name.bytes(), *sealed).value;
}

}  // namespace persistance::backing::lmdb
