#include "backing/lmdb/index_check.hpp"

#include <algorithm>
#include <set>

namespace persistance::backing::lmdb {

namespace {

[[noreturn]] void damaged(const char* what) {
  throw Failure(BackingErrc::corrupt, std::string("the index of the stores is damaged: ") + what);
}

class IndexCheck {
 public:
  IndexCheck(MDB_txn* txn, const Keyspace& keyspace)
      : txn_(txn), keyspace_(keyspace), cursor_(openCursor(txn, keyspace.dbi)) {}

  void run() {
    format_ = readIdentity(txn_, keyspace_.dbi).format;
    first();
    directory();
    garbage();
    values();
    const std::uint64_t next = readNextNumber(txn_, keyspace_.dbi);
    if (std::ranges::any_of(known_, [&](std::uint64_t number) { return number >= next; }))
      damaged("a store has a number that was not given out yet");
  }

 private:
  /// Moves to the first key at or after `from`; false: there is none.
  bool seek(DatabaseKey from) {
    key_ = from.value();
    return found(MDB_SET_RANGE);
  }
  bool found(MDB_cursor_op move) {
    const int rc = mdb_cursor_get(cursor_.get(), &key_, &value_, move);
    if (rc == MDB_NOTFOUND) return false;
    check(rc, "checking the index");
    const auto head = headOf(inMap(keyspace_, key_));
    if (!head) damaged("a key is none of this library's");
    head_ = *head;
    return true;
  }

  void first() {
    if (!found(MDB_FIRST) || head_.kind != Kind::meta)
      damaged("it does not begin with our records");
  }

  void directory() {
    for (const DirectoryRecord& record : readDirectory(txn_, keyspace_)) add(record.number);
  }

  void garbage() {
    for (bool more = seek(DatabaseKey(Kind::garbage)); more; more = found(MDB_NEXT)) {
      const Bytes name = inMap(keyspace_, key_);
      if (name.size() != garbageKey(0).bytes().size()) damaged("the name of a cleared store");
      checkGarbage(name, inMap(keyspace_, value_), format_);
      add(head_.number);
    }
  }

  void add(std::uint64_t number) {
    if (number == directoryNumber || !known_.insert(number).second)
      damaged("two stores have one number");
  }

  void values() {
    for (std::uint64_t from = directoryNumber + 1; seek(valuePrefix(from));
         from = head_.number + 1) {
      if (head_.kind != Kind::value) return;
      if (!known_.contains(head_.number)) damaged("values belong to a store that it does not know");
    }
  }

  MDB_txn* txn_;
  const Keyspace& keyspace_;
  CursorHandle cursor_;
  MDB_val key_{};
  MDB_val value_{};
  KeyHead head_;
  std::uint32_t format_ = formatNumber;
  std::set<std::uint64_t> known_;  // numbers, of stores in use and of cleared ones
};

}  // namespace

void checkIndex(MDB_txn* txn, const Keyspace& keyspace) { IndexCheck(txn, keyspace).run(); }

}  // namespace persistance::backing::lmdb
