#include "backing/lmdb/key_scan.hpp"

#include <algorithm>

namespace persistance::backing::lmdb {
namespace {

constexpr std::size_t recordsAtOnce = 1000;
constexpr std::size_t bytesAtOnce = std::size_t{1} << 20;  // the loop waits for less than 1 ms

/// Before every long key of a store.
DatabaseKey longKeys(std::uint64_t number) {
  constexpr std::byte tag{1};
  return valuePrefix(number).append({&tag, 1});
}

std::optional<std::string_view> keyOf(Bytes name, Bytes sealed) {
  if (isDigestName(name)) return peekLongKey(sealed);
  return keyIn(name, Record());
}

bool isGoneIn(Bytes name, Bytes sealed, std::chrono::system_clock::time_point now) {
  const auto record = unseal(name, sealed);
  return record && isGone(record->expires, now);
}

}  // namespace

DatabaseKey KeyScan::start(MDB_txn* txn, std::uint64_t number) const {
  if (after_) return locate(txn, keyspace_, number, *after_).name;
  if (needsDigest(query_.prefix())) return longKeys(number);
  return wholeName(number, query_.prefix());
}

// Among the keys that are kept whole: none with the prefix follows.
bool KeyScan::isPastPrefix(Bytes name) const {
  if (isDigestName(name)) return false;
  const std::string_view key = keyIn(name, Record());
  return !key.starts_with(query_.prefix()) && key > query_.prefix();
}

bool KeyScan::step(MDB_txn* txn, std::uint64_t number, std::chrono::system_clock::time_point now,
                   KeyPage& page) {
  const CursorHandle cursor = openCursor(txn, keyspace_.dbi);
  DatabaseKey from = start(txn, number);
  MDB_val name = from.value();
  MDB_val value{};
  int rc = mdb_cursor_get(cursor.get(), &name, &value, MDB_SET_RANGE);
  std::size_t bytes = 0;
  for (std::size_t i = 0; rc == MDB_SUCCESS; ++i) {
    const Bytes key = inMap(keyspace_, name);
    const Bytes sealed = inMap(keyspace_, value);
    const auto head = headOf(key);
    if (!head || head->kind != Kind::value || head->number != number) return true;
    if (isPastPrefix(key)) {
      DatabaseKey next = longKeys(number);
      name = next.value();
      rc = mdb_cursor_get(cursor.get(), &name, &value, MDB_SET_RANGE);
      continue;
    }
    const auto text = keyOf(key, sealed);
    if (text && text != after_) {
      if (i >= recordsAtOnce || bytes >= bytesAtOnce) return false;
      if (text->starts_with(query_.prefix()) && !isGoneIn(key, sealed, now)) {
        if (page.keys.size() == query_.limit()) return page.next = page.keys.back(), true;
        page.keys.emplace_back(*text);
      }
      after_.emplace(*text);
    }
    bytes += sealed.size();
    rc = mdb_cursor_get(cursor.get(), &name, &value, MDB_NEXT);
  }
  if (rc != MDB_NOTFOUND) check(rc, "listing keys");
  return true;
}

}  // namespace persistance::backing::lmdb
