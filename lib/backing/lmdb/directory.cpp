#include "backing/lmdb/directory.hpp"

namespace persistance::backing::lmdb {

namespace {

std::uint64_t numberIn(Bytes value) {
  const auto number = decodeNumber(value);
  if (!number) throw Failure(BackingErrc::corrupt, "the directory record of a store is damaged");
  return *number;
}

}  // namespace

std::optional<std::uint64_t> numberOf(MDB_txn* txn, const Keyspace& keyspace,
                                      std::string_view storeId) {
  const Place place = locate(txn, keyspace, directoryNumber, storeId);
  if (!place.sealed) return std::nullopt;
  return numberIn(unsealOrFail(place.name.bytes(), *place.sealed).value);
}

std::vector<DirectoryRecord> readDirectory(MDB_txn* txn, const Keyspace& keyspace) {
  std::vector<DirectoryRecord> records;
  const CursorHandle cursor = openCursor(txn, keyspace.dbi);
  DatabaseKey from = valuePrefix(directoryNumber);
  MDB_val key = from.value();
  MDB_val value{};
  int rc = mdb_cursor_get(cursor.get(), &key, &value, MDB_SET_RANGE);
  for (; rc == MDB_SUCCESS; rc = mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT)) {
    const Bytes name = inMap(keyspace, key);
    const auto head = headOf(name);
    if (!head || head->kind != Kind::value || head->number != directoryNumber) return records;
    const Record record = unsealOrFail(name, inMap(keyspace, value));
    records.push_back({std::string(keyIn(name, record)), numberIn(record.value)});
  }
  if (rc != MDB_NOTFOUND) check(rc, "reading the directory");
  return records;
}

void putMeta(MDB_txn* txn, MDB_dbi dbi, std::string_view key, Bytes value) {
  putSealed(txn, dbi, metaKey(key), never, {}, value);
}

std::optional<Bytes> getMeta(MDB_txn* txn, MDB_dbi dbi, std::string_view key) {
  const DatabaseKey name = metaKey(key);
  const auto sealed = lookUp(txn, dbi, name.bytes());
  if (!sealed) return std::nullopt;
  return unsealOrFail(name.bytes(), *sealed).value;
}

Identity readIdentity(MDB_txn* txn, MDB_dbi dbi) {
  const auto stored = getMeta(txn, dbi, identityName);
  if (!stored) throw Failure(BackingErrc::wrongType, std::string(notAStore));
  const auto identity = decodeIdentity(*stored);
  if (!identity) throw Failure(BackingErrc::corrupt, "the identity record is lost");
  return *identity;
}

std::uint64_t readNextNumber(MDB_txn* txn, MDB_dbi dbi) {
  const auto stored = getMeta(txn, dbi, nextNumberName);
  const auto number = stored ? decodeNumber(*stored) : std::nullopt;
  if (!number) throw Failure(BackingErrc::corrupt, "the counter of store numbers is lost");
  return *number;
}

}  // namespace persistance::backing::lmdb
