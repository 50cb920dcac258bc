#include "backing/lmdb/verify.hpp"

#include <algorithm>
#include <set>

namespace persistance::backing::lmdb {

namespace {

constexpr std::size_t recordsAtOnce = 1000;
constexpr std::size_t problemsInWords = 100;

/// One pass over one database, one step after the other.
class Scan {
 public:
  Scan(const Tables& tables, std::chrono::system_clock::time_point now, LmdbReport& report)
      : tables_(tables), now_(now), report_(report) {}
  virtual ~Scan() = default;

  /// Goes on where it stopped. True: it came to the end.
  bool step(MDB_txn* txn) try {
    txn_ = txn;
    begin();
    return walk();
  } catch (const Failure& failure) {
    // The structure itself does not hold: there is no way on from here.
    problem(failure.what());
    return true;
  }

 protected:
  virtual MDB_dbi database() const = 0;
  virtual void begin() {}
  virtual void entry(Bytes key, Bytes value) = 0;

  void problem(const std::string& words) {
    ++report_.damaged;
    if (report_.problems.size() < problemsInWords) report_.problems.push_back(words);
  }
  static std::string named(std::string_view what, Bytes key) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text(what);
    text += ' ';
    for (const std::byte byte : key.first(std::min<std::size_t>(key.size(), 64))) {
      text += digits[std::to_integer<std::size_t>(byte >> 4)];
      text += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
    }
    return text;
  }

  const Tables& tables_;
  const std::chrono::system_clock::time_point now_;
  LmdbReport& report_;
  MDB_txn* txn_ = nullptr;

 private:
  bool walk() {
    MDB_cursor* opened = nullptr;
    check(mdb_cursor_open(txn_, database(), &opened), "opening a cursor");
    const CursorHandle cursor(opened);
    MDB_val key = last_.value();
    MDB_val value{};
    int rc = mdb_cursor_get(cursor.get(), &key, &value, begun_ ? MDB_SET_RANGE : MDB_FIRST);
    if (rc == MDB_SUCCESS && begun_ && std::ranges::equal(asBytes(key), last_.bytes()))
      rc = mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT);
    for (std::size_t i = 0; rc == MDB_SUCCESS; ++i) {
      if (i == recordsAtOnce) return false;
      take(asBytes(key), asBytes(value));
      rc = mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT);
    }
    if (rc != MDB_NOTFOUND) check(rc, "scanning");
    return true;
  }

  void take(Bytes key, Bytes value) {
    if (begun_ && !std::ranges::lexicographical_compare(last_.bytes(), key))
      problem(named("keys are out of order at", key));
    last_.truncate(0).append(key.first(std::min(key.size(), maxKeyInDatabase)));
    begun_ = true;
    entry(key, value);
  }

  DatabaseKey last_;
  bool begun_ = false;
};

/// Every value: its checksum, its index entry, and that its store is known.
class DataScan final : public Scan {
 public:
  using Scan::Scan;

 private:
  MDB_dbi database() const override { return tables_.data; }
  void begin() override { known_.clear(); }

  void entry(Bytes key, Bytes value) override {
    const auto record = unseal(key, value);
    if (!record) return problem(named("the checksum is wrong of", key));
    const std::uint64_t number = bigEndian(key);
    if (number == directoryNumber) return rememberStore(key, *record);
    if (record->expires != never && !indexed(key, record->expires))
      problem(named("the expiry index lacks", key));
    if (isGarbage(number)) {
      ++report_.cleared;
      return;
    }
    if (!stores_.contains(number)) problem(named("no store is known of", key));
    ++report_.records;
    report_.bytes += record->value.size();
    if (isGone(record->expires, now_)) ++report_.expired;
  }

  void rememberStore(Bytes key, const Record& record) {
    const auto number = decodeNumber(record.value);
    if (!number) return problem(named("the directory is damaged at", key));
    if (!stores_.insert(*number).second) problem(named("two stores have the number of", key));
  }

  bool indexed(Bytes key, ExpiryTime expires) const {
    return lookUp(txn_, tables_.expiry, DatabaseKey().number(expires).append(key).bytes())
        .has_value();
  }

  // A store that was cleared since the directory was read is in the garbage of this snapshot.
  bool isGarbage(std::uint64_t number) {
    const auto known = known_.find(number);
    if (known != known_.end()) return known->second;
    const bool garbage =
        lookUp(txn_, tables_.garbage, DatabaseKey().number(number).bytes()).has_value();
    if (!garbage && !stores_.contains(number)) readDirectory();
    return known_[number] = garbage;
  }

  // A store that is younger than this scan's beginning.
  void readDirectory() {
    MDB_cursor* opened = nullptr;
    check(mdb_cursor_open(txn_, tables_.data, &opened), "opening a cursor");
    const CursorHandle cursor(opened);
    MDB_val key{};
    MDB_val value{};
    int rc = mdb_cursor_get(cursor.get(), &key, &value, MDB_FIRST);
    for (; rc == MDB_SUCCESS && belongsTo(asBytes(key), directoryNumber);
         rc = mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT)) {
      const auto record = unseal(asBytes(key), asBytes(value));
      if (const auto number = record ? decodeNumber(record->value) : std::nullopt)
        stores_.insert(*number);
    }
  }

  std::set<std::uint64_t> stores_;
  std::map<std::uint64_t, bool> known_;  // of this snapshot: whether it is garbage
};

/// Every entry of the expiry index has its value.
class ExpiryScan final : public Scan {
 public:
  using Scan::Scan;

 private:
  MDB_dbi database() const override { return tables_.expiry; }

  void entry(Bytes key, Bytes) override {
    if (key.size() < timeSize + numberSize) return problem(named("no index entry is", key));
    const auto sealed = lookUp(txn_, tables_.data, key.subspan(timeSize));
    if (!sealed || peekExpiry(*sealed) != bigEndian(key))
      problem(named("the expiry index tells of what is not there:", key));
  }
};

void checkCounter(MDB_txn* txn, const Tables& tables, LmdbReport& report) try {
  const auto stored = getMeta(txn, tables.meta, nextNumberKey);
  if (stored && decodeNumber(*stored)) return;
  throw Failure(BackingErrc::corrupt, "the counter of store numbers is lost");
} catch (const Failure& failure) {
  ++report.damaged;
  report.problems.push_back(failure.what());
}

asio::awaitable<void> runToTheEnd(Engine& engine, Scan& scan) {
  const auto executor = co_await asio::this_coro::executor;
  for (;;) {
    {
      const ReadPool::Lease lease = co_await engine.lease();
      if (scan.step(lease.txn())) co_return;
    }
    co_await asio::post(executor, asio::use_awaitable);
  }
}

}  // namespace

asio::awaitable<LmdbReport> verify(std::shared_ptr<Engine> engine) {
  engine->refuseAfterFork();
  LmdbReport report;
  const auto now = engine->options.clock();
  {
    const ReadPool::Lease lease = co_await engine->lease();
    checkCounter(lease.txn(), engine->tables, report);
  }
  DataScan data(engine->tables, now, report);
  co_await runToTheEnd(*engine, data);
  ExpiryScan expiry(engine->tables, now, report);
  co_await runToTheEnd(*engine, expiry);
  co_return report;
}

}  // namespace persistance::backing::lmdb
