#include "backing/lmdb/keyspace.hpp"

#include <algorithm>
#include <functional>

namespace persistance::backing::lmdb {

namespace {

bool startsWith(Bytes bytes, Bytes prefix) noexcept {
  return bytes.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

bool hasDigest(const Keyspace& keyspace, std::string_view key, const Digest& digest) {
  const Digest own = keyspace.digest(key, keyspace.seed);
  return own.high == digest.high && own.low == digest.low;
}

/// Keys of one digest are adjacent, and their values hold the whole keys. A new key takes the lowest
/// probe that is free, so that removals leave no gaps for ever.
///
/// A damaged record is the place of the key that it names. Where what it names has another digest,
/// the name is damaged, too, and it is the place of whoever looks for this digest.
class DigestSearch {
 public:
  DigestSearch(const Keyspace& keyspace, std::uint64_t number, std::string_view key)
      : keyspace_(keyspace),
        key_(key),
        digest_(keyspace.digest(key, keyspace.seed)),
        prefix_(digestPrefix(number, digest_)) {}

  Place run(MDB_txn* txn) {
    const CursorHandle cursor = openCursor(txn, keyspace_.dbi);
    MDB_val name = prefix_.value();
    MDB_val sealed{};
    int rc = mdb_cursor_get(cursor.get(), &name, &sealed, MDB_SET_RANGE);
    for (; rc == MDB_SUCCESS && startsWith(asBytes(name), prefix_.bytes());
         rc = mdb_cursor_get(cursor.get(), &name, &sealed, MDB_NEXT))
      if (isMine(asBytes(name), asBytes(sealed)))
        return {DatabaseKey(asBytes(name)), asBytes(sealed)};
    if (rc != MDB_NOTFOUND) check(rc, "looking for a long key");
    if (damaged_) return *damaged_;
    Place place{prefix_, std::nullopt};
    appendProbe(place.name, free_);
    return place;
  }

 private:
  bool isMine(Bytes name, Bytes sealed) {
    if (name.size() != prefix_.bytes().size() + probeSize)
      throw Failure(BackingErrc::corrupt, "the key of a long key is damaged");
    DatabaseKey lowest = prefix_;
    appendProbe(lowest, free_);
    if (startsWith(name, lowest.bytes())) ++free_;
    const auto record = unseal(name, sealed);
    if (record) return record->longKey == key_;
    const auto named = peekLongKey(sealed);
    if (!damaged_ && !(named && hasDigest(keyspace_, *named, digest_)))
      damaged_ = Place{DatabaseKey(name), sealed};
    return named == key_;
  }

  const Keyspace& keyspace_;
  std::string_view key_;
  Digest digest_;
  DatabaseKey prefix_;
  std::uint16_t free_ = 0;
  std::optional<Place> damaged_;
};

Place locateWhole(MDB_txn* txn, const Keyspace& keyspace, std::uint64_t number,
                  std::string_view key) {
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
  return needsDigest(key) ? DigestSearch(keyspace, number, key).run(txn)
                          : locateWhole(txn, keyspace, number, key);
}

Record unsealOrFail(Bytes databaseKey, Bytes sealed) {
  const std::optional<Record> record = unseal(databaseKey, sealed);
  if (!record) throw Failure(BackingErrc::corrupt, "the checksum of a stored value is wrong");
  return *record;
}

void putSealed(MDB_txn* txn, MDB_dbi dbi, const DatabaseKey& databaseKey, ExpiryTime expires,
               std::string_view longKey, Bytes value) {
  MDB_val name = asValue(databaseKey.bytes());
  MDB_val sealed{sealedSize(longKey, value.size()), nullptr};
  check(mdb_put(txn, dbi, &name, &sealed, MDB_RESERVE), "writing a record");
  seal(static_cast<std::byte*>(sealed.mv_data), databaseKey.bytes(), expires, longKey, value);
}

void checkGarbage(Bytes databaseKey, Bytes value, std::uint32_t format) {
  if (format >= sealedGarbageFormat) (void)unsealOrFail(databaseKey, value);
}

}  // namespace persistance::backing::lmdb
