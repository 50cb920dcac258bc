// A typed record through layerLmdb, beside bare LMDB with the same decode, one fsync a write, and
// SQLite. Set TMPDIR to choose the disk.

#include <benchmark/benchmark.h>
#include <lmdb.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <persistance/backing/lmdb.hpp>
#include <persistance/persistance.hpp>

#include "support/ratios.hpp"
#include "support/user.hpp"

using namespace persistance;
using bench::User;

namespace {

constexpr int writers = 64;
constexpr std::size_t million = 1'000'000;

void check(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "%s failed\n", what);
  std::exit(2);
}

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = std::filesystem::temp_directory_path() / "persistance-bench-XXXXXX";
    check(::mkdtemp(name.data()) != nullptr, "mkdtemp");
    path_ = name;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

const TemporaryDirectory& directory() {
  static const TemporaryDirectory one;
  return one;
}

Unknown encoded(std::size_t i) {
  std::vector<schema::Issue> issues;
  static const Schema<User> users(schema::of<User>());
  return schema::encode(users, bench::user(i), issues);
}

bool decode(std::span<const std::byte> bytes, User& user) {
  static const Schema<User> users(schema::of<User>());
  std::vector<schema::Issue> issues;
  return schema::decode(users, bytes, user, issues);
}

/// LMDB with nothing around it.
class Bare {
 public:
  Bare() {
    const auto path = directory() / "bare";
    std::filesystem::create_directory(path);
    check(mdb_env_create(&env_) == 0, "mdb_env_create");
    mdb_env_set_mapsize(env_, std::size_t{1} << 30);
    check(mdb_env_open(env_, path.c_str(), MDB_NOTLS, 0666) == 0, "mdb_env_open");
    MDB_txn* txn = begin(0);
    check(mdb_dbi_open(txn, nullptr, 0, &dbi_) == 0, "mdb_dbi_open");
    for (std::size_t i = 0; i < bench::count; ++i) put(txn, bench::keys()[i], encoded(i));
    check(mdb_txn_commit(txn) == 0, "mdb_txn_commit");
  }

  MDB_txn* begin(unsigned flags) const {
    MDB_txn* txn = nullptr;
    check(mdb_txn_begin(env_, nullptr, flags, &txn) == 0, "mdb_txn_begin");
    return txn;
  }
  void put(MDB_txn* txn, const std::string& key, const Unknown& value) const {
    MDB_val k{key.size(), const_cast<char*>(key.data())};
    MDB_val v{value.bytes().size(), const_cast<std::byte*>(value.bytes().data())};
    check(mdb_put(txn, dbi_, &k, &v, 0) == 0, "mdb_put");
  }
  std::optional<User> get(MDB_txn* txn, const std::string& key) const {
    MDB_val k{key.size(), const_cast<char*>(key.data())};
    MDB_val v{};
    if (mdb_get(txn, dbi_, &k, &v) != 0) return std::nullopt;
    std::optional<User> user(std::in_place);
    check(decode({static_cast<const std::byte*>(v.mv_data), v.mv_size}, *user), "decode");
    return user;
  }

 private:
  MDB_env* env_ = nullptr;
  MDB_dbi dbi_ = 0;
};

const Bare& bare() {
  static const Bare one;
  return one;
}

/// SQLite as careful as we are: WAL, synchronous=FULL, prepared statements.
class Sqlite {
 public:
  Sqlite() {
    check(sqlite3_open((directory() / "sqlite").c_str(), &db_) == SQLITE_OK, "sqlite3_open");
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=FULL");
    run("CREATE TABLE users (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID");
    get_ = prepare("SELECT value FROM users WHERE key = ?");
    set_ = prepare("INSERT OR REPLACE INTO users VALUES (?, ?)");
    run("BEGIN");
    for (std::size_t i = 0; i < bench::count; ++i) set(bench::keys()[i], encoded(i));
    run("COMMIT");
  }
  std::optional<User> get(const std::string& key) const {
    std::optional<User> user;
    sqlite3_bind_text(get_, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
    if (sqlite3_step(get_) == SQLITE_ROW) {
      const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(get_, 0));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(get_, 0));
      check(decode({bytes, size}, user.emplace()), "decode");
    }
    sqlite3_reset(get_);
    return user;
  }
  void set(const std::string& key, const Unknown& value) const {
    sqlite3_bind_text(set_, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
    sqlite3_bind_blob(set_, 2, value.bytes().data(), static_cast<int>(value.bytes().size()),
                      SQLITE_STATIC);
    check(sqlite3_step(set_) == SQLITE_DONE, "sqlite3_step");
    sqlite3_reset(set_);
  }

 private:
  void run(const char* sql) const {
    check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql);
  }
  sqlite3_stmt* prepare(const char* sql) const {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr) == SQLITE_OK, sql);
    return statement;
  }
  sqlite3* db_ = nullptr;
  sqlite3_stmt* get_ = nullptr;
  sqlite3_stmt* set_ = nullptr;
};

const Sqlite& sqlite() {
  static const Sqlite one;
  return one;
}

std::string millionKey(std::size_t i) { return "user:" + std::to_string(i); }

/// Runs `body(users)` as a coroutine over the store in `name`.
template <class Body>
void inStore(const char* name, Body body) {
  asio::io_context context(1);
  const auto use = [&](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto users = co_await stores.make<User>("users");
    co_await body(users);
  };
  const auto layer = layer::provide(layerSchema, layerLmdb(LmdbOptions(directory() / name)));
  asio::co_spawn(context, layer::run(layer, use), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  context.run();
}

void fill(const char* name, std::size_t records) {
  inStore(name, [&](Persistance<User>& users) -> asio::awaitable<void> {
    constexpr std::size_t atOnce = 10'000;
    for (std::size_t i = 0; i < records; i += atOnce) {
      std::vector<std::pair<std::string, User>> entries;
      for (std::size_t n = i; n < i + atOnce; ++n)
        entries.emplace_back(millionKey(n), bench::user(n));
      co_await users.setMany(std::move(entries));
    }
  });
}

void getOurs(benchmark::State& state) {
  inStore("small", [&](Persistance<User>& users) -> asio::awaitable<void> {
    std::size_t i = 0;
    while (state.KeepRunning()) {
      auto found = co_await users.get(bench::shuffled(i++));
      benchmark::DoNotOptimize(found);
    }
  });
}

void getBare(benchmark::State& state) {
  std::size_t i = 0;
  while (state.KeepRunning()) {
    MDB_txn* txn = bare().begin(MDB_RDONLY);
    auto found = bare().get(txn, bench::shuffled(i++));
    mdb_txn_abort(txn);
    benchmark::DoNotOptimize(found);
  }
}

void getSqlite(benchmark::State& state) {
  std::size_t i = 0;
  while (state.KeepRunning()) {
    auto found = sqlite().get(bench::shuffled(i++));
    benchmark::DoNotOptimize(found);
  }
}

void getManyOurs(benchmark::State& state) {
  inStore("small", [&](Persistance<User>& users) -> asio::awaitable<void> {
    std::size_t i = 0;
    while (state.KeepRunning()) {
      auto keys = bench::hundredKeys(i++);
      auto found = co_await users.getMany(std::move(keys));
      benchmark::DoNotOptimize(found);
    }
  });
  state.SetItemsProcessed(state.iterations() * 100);
}

void getManyBare(benchmark::State& state) {
  std::size_t i = 0;
  while (state.KeepRunning()) {
    auto keys = bench::hundredKeys(i++);
    std::vector<std::optional<User>> found(keys.size());
    MDB_txn* txn = bare().begin(MDB_RDONLY);
    for (std::size_t n = 0; n < keys.size(); ++n) found[n] = bare().get(txn, keys[n]);
    mdb_txn_abort(txn);
    benchmark::DoNotOptimize(found);
  }
  state.SetItemsProcessed(state.iterations() * 100);
}

// 64 coroutines, each with one set at a time.
void setOurs(benchmark::State& state) {
  inStore("written", [&](Persistance<User>& users) -> asio::awaitable<void> {
    std::size_t i = 0;
    bool running = true;
    int left = writers;
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer done(executor, asio::steady_timer::time_point::max());
    const auto writer = [&]() -> asio::awaitable<void> {
      while (running && (running = state.KeepRunning())) {
        ++i;
        co_await users.set(bench::shuffled(i), bench::user(i));
      }
      if (--left == 0) done.cancel();
    };
    for (int n = 0; n < writers; ++n) asio::co_spawn(executor, writer, asio::detached);
    std::error_code ignored;
    co_await done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  });
  state.SetItemsProcessed(state.iterations());
}

// As many in one transaction. What is left of the last one is counted as if it were whole.
void setBare(benchmark::State& state) {
  std::size_t i = 0;
  while (state.KeepRunningBatch(writers)) {
    MDB_txn* txn = bare().begin(0);
    for (int n = 0; n < writers; ++n, ++i) bare().put(txn, bench::shuffled(i), encoded(i));
    check(mdb_txn_commit(txn) == 0, "mdb_txn_commit");
  }
  state.SetItemsProcessed(state.iterations());
}

void setOneByOne(benchmark::State& state) {
  std::size_t i = 0;
  while (state.KeepRunning()) {
    MDB_txn* txn = bare().begin(0);
    bare().put(txn, bench::shuffled(i), encoded(i));
    check(mdb_txn_commit(txn) == 0, "mdb_txn_commit");
    ++i;
  }
  state.SetItemsProcessed(state.iterations());
}

void setOneOurs(benchmark::State& state) {
  inStore("written", [&](Persistance<User>& users) -> asio::awaitable<void> {
    std::size_t i = 0;
    while (state.KeepRunning()) {
      co_await users.set(bench::shuffled(i), bench::user(i));
      ++i;
    }
  });
  state.SetItemsProcessed(state.iterations());
}

void setSqlite(benchmark::State& state) {
  std::size_t i = 0;
  while (state.KeepRunning()) {
    sqlite().set(bench::shuffled(i), encoded(i));
    ++i;
  }
  state.SetItemsProcessed(state.iterations());
}

// The same 10,000 keys' worth of reads, spread over a million records or over ten thousand.
void getSpread(benchmark::State& state, const char* name, std::size_t records) {
  std::vector<std::string> keys;
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) keys.push_back(millionKey(random() % records));
  inStore(name, [&](Persistance<User>& users) -> asio::awaitable<void> {
    std::size_t i = 0;
    while (state.KeepRunning()) {
      auto found = co_await users.get(keys[i++ % keys.size()]);
      benchmark::DoNotOptimize(found);
    }
  });
}
void getMillion(benchmark::State& state) { getSpread(state, "large", million); }
void getTenThousand(benchmark::State& state) { getSpread(state, "small", bench::count); }

// Opening and closing a store of a million records, against 50 ms.
void openMillion(benchmark::State& state) {
  while (state.KeepRunning())
    inStore("large", [](Persistance<User>&) -> asio::awaitable<void> { co_return; });
  state.SetItemsProcessed(state.iterations());
}
void fiftyMilliseconds(benchmark::State& state) {
  while (state.KeepRunning()) state.SetIterationTime(0.050);
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(getOurs)->Name("get/persistance");
BENCHMARK(getBare)->Name("get/floor");
BENCHMARK(getOurs)->Name("get, to SQLite/persistance");
BENCHMARK(getSqlite)->Name("get, to SQLite/floor");
BENCHMARK(getManyOurs)->Name("getMany a key/persistance");
BENCHMARK(getManyBare)->Name("getMany a key/floor");
BENCHMARK(setOurs)->Name("64 sets/persistance")->UseRealTime();
BENCHMARK(setBare)->Name("64 sets/floor")->UseRealTime();
BENCHMARK(setOurs)->Name("64 sets, to fsync each/persistance")->UseRealTime();
BENCHMARK(setOneByOne)->Name("64 sets, to fsync each/floor")->UseRealTime();
BENCHMARK(setOneOurs)->Name("one set at a time/persistance")->UseRealTime();
BENCHMARK(setOneByOne)->Name("one set at a time/floor")->UseRealTime();
BENCHMARK(setOneOurs)->Name("one set, to SQLite/persistance")->UseRealTime();
BENCHMARK(setSqlite)->Name("one set, to SQLite/floor")->UseRealTime();
BENCHMARK(getMillion)->Name("get of 1,000,000/persistance");
BENCHMARK(getTenThousand)->Name("get of 1,000,000/floor");
BENCHMARK(openMillion)->Name("open 1,000,000/persistance")->UseRealTime();
BENCHMARK(fiftyMilliseconds)->Name("open 1,000,000/floor")->UseManualTime()->Iterations(10);

}  // namespace

int main(int argc, char** argv) {
  fill("small", bench::count);
  fill("written", bench::count);
  fill("large", million);
  return bench::runWithRatios(argc, argv,
                              {{"get", 1.3},
                               {"get, to SQLite", 0.25},
                               {"getMany a key", 1.2},
                               {"64 sets", 1 / 0.75},
                               {"64 sets, to fsync each", 1.0 / 15},
                               {"one set at a time", 1.5},
                               {"one set, to SQLite", 1.5},
                               {"get of 1,000,000", 2.0},
                               {"open 1,000,000", 1.0}});
}
