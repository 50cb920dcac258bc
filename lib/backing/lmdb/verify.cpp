#include "backing/lmdb/verify.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace persistance::backing::lmdb {

namespace {

constexpr std::size_t recordsAtOnce = 1000;
constexpr std::size_t bytesAtOnce = std::size_t{1} << 20;  // the loop waits for less than 1 ms
constexpr std::size_t problemsInWords = 100;

std::string inHex(Bytes bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes.first(std::min<std::size_t>(bytes.size(), 64))) {
    text += digits[std::to_integer<std::size_t>(byte >> 4)];
    text += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return text;
}

/// A scan of all keys in steps: a thousand records, or a mebibyte.
class Scan {
 public:
  Scan(const Keyspace& keyspace, std::chrono::system_clock::time_point now)
      : keyspace_(keyspace), now_(now) {}

  /// The next step. True: it was the last.
  [[nodiscard]] bool step(MDB_txn* txn) try {
    txn_ = txn;
    garbage_.clear();
    if (!last_) snapshot_ = mdb_txn_id(txn);
    if (!walk()) return false;
    checkCount();
    return true;
  } catch (const Failure& failure) {
    problem(failure.what());  // the tree itself is damaged: the scan cannot go on
    return true;
  }

  LmdbReport report;

 private:
  bool walk() {
    const CursorHandle cursor = openCursor(txn_, keyspace_.dbi);
    MDB_val key{};
    MDB_val value{};
    if (last_) key = last_->value();
    int rc = mdb_cursor_get(cursor.get(), &key, &value, last_ ? MDB_SET_RANGE : MDB_FIRST);
    if (rc == MDB_SUCCESS && last_ && std::ranges::equal(inMap(keyspace_, key), last_->bytes()))
      rc = mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT);
    std::size_t bytes = 0;
    for (std::size_t i = 0; rc == MDB_SUCCESS; ++i) {
      if (i == recordsAtOnce || bytes >= bytesAtOnce) return false;
      take(inMap(keyspace_, key), inMap(keyspace_, value));
      bytes += value.mv_size;
      rc = mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT);
    }
    if (rc != MDB_NOTFOUND) check(rc, "scanning");
    return true;
  }

  void take(Bytes key, Bytes value) {
    if (last_ && !std::ranges::lexicographical_compare(last_->bytes(), key))
      problem("keys are out of order at " + inHex(key));
    last_.emplace(key.first(std::min(key.size(), maxKeyInDatabase)));
    ++entries_;
    const auto head = headOf(key);
    if (!head) return problem("none of this library's keys is " + inHex(key));
    switch (head->kind) {
      case Kind::meta: return (void)sound(key, value);
      case Kind::value: return takeValue(key, head->number, value);
      case Kind::expiry: return takeExpiry(key, head->number);
      case Kind::garbage: return takeGarbage(key, head->number, value);
    }
  }

  void takeValue(Bytes key, std::uint64_t number, Bytes value) {
    const auto record = sound(key, value);
    if (!record) return;
    if (number == directoryNumber) return takeStore(key, *record);
    if (record->expires != never && !there(expiryKey(record->expires, key)))
      problem("the expiry index lacks " + inHex(key));
    if (isGarbage(number)) {
      ++report.cleared;
      return;
    }
    if (!stores_.contains(number)) problem("no store is known of " + inHex(key));
    ++report.records;
    report.bytes += record->value.size();
    if (isGone(record->expires, now_)) ++report.expired;
  }

  void takeStore(Bytes key, const Record& record) {
    const auto number = decodeNumber(record.value);
    if (!number)
      problem("the directory is damaged at " + inHex(key));
    else if (!stores_.insert(*number).second)
      problem("two stores have the number of " + inHex(key));
  }

  void takeGarbage(Bytes key, std::uint64_t number, Bytes value) {
    if (readIdentity(txn_, keyspace_.dbi).format >= sealedGarbageFormat) (void)sound(key, value);
    if (!stores_.contains(number)) return;
    stores_.clear();  // it may have been cleared since its place in the directory was passed
    readStores();
    if (stores_.contains(number)) problem("a store in use is marked as cleared: " + inHex(key));
  }

  void takeExpiry(Bytes key, ExpiryTime time) {
    const auto name = valueKeyOf(key);
    const auto sealed = name ? lookUp(txn_, keyspace_.dbi, name->bytes()) : std::nullopt;
    if (!sealed || peekExpiry(*sealed) != time)
      problem("the expiry index has what is not there: " + inHex(key));
  }

  std::optional<Record> sound(Bytes key, Bytes value) {
    const auto record = unseal(key, value);
    if (!record) problem("the checksum is wrong of " + inHex(key));
    return record;
  }

  bool there(const DatabaseKey& key) const {
    return lookUp(txn_, keyspace_.dbi, key.bytes()).has_value();
  }

  // A store may have been cleared, or made, since its place in the directory was passed.
  bool isGarbage(std::uint64_t number) {
    const auto known = garbage_.find(number);
    if (known != garbage_.end()) return known->second;
    const bool garbage = there(garbageKey(number));
    if (!garbage && !stores_.contains(number)) readStores();
    return garbage_[number] = garbage;
  }

  void readStores() {
    for (const DirectoryRecord& record : readDirectory(txn_, keyspace_))
      stores_.insert(record.number);
  }

  // Where nothing was committed meanwhile, LMDB's own count must be right.
  void checkCount() {
    if (mdb_txn_id(txn_) != snapshot_) return;
    MDB_stat stat{};
    check(mdb_stat(txn_, keyspace_.dbi, &stat), "asking for the count");
    if (stat.ms_entries != entries_)
      problem("there are " + std::to_string(entries_) + " entries, and should be " +
              std::to_string(stat.ms_entries));
  }

  void problem(const std::string& words) {
    ++report.damaged;
    if (report.problems.size() < problemsInWords) report.problems.push_back(words);
  }

  const Keyspace& keyspace_;
  const std::chrono::system_clock::time_point now_;
  MDB_txn* txn_ = nullptr;
  std::size_t snapshot_ = 0;  // of the first step
  std::optional<DatabaseKey> last_;
  std::uint64_t entries_ = 0;
  std::set<std::uint64_t> stores_;
  std::map<std::uint64_t, bool> garbage_;  // of this step's snapshot: whether a number is garbage
};

}  // namespace

asio::awaitable<LmdbReport> verify(std::shared_ptr<OpenFile> file) {
  file->refuseAfterFork();
  const auto executor = co_await asio::this_coro::executor;
  Scan scan(file->keyspace, file->options.clock());
  for (;;) {
    {
      const ReadPool::Lease lease = co_await file->reads.lease(file->options.deadline);
      if (scan.step(lease.txn())) co_return std::move(scan.report);
    }
    co_await asio::post(executor, asio::use_awaitable);
  }
}

}  // namespace persistance::backing::lmdb
