// A typed record through layerLmdb, beside bare LMDB with the same decode, one fsync a write, and
// SQLite. Set TMPDIR to choose the disk.

#include <benchmark/benchmark.h>

#include <persistance/backing/lmdb.hpp>

#include "support/bare_lmdb.hpp"
#include "support/ratios.hpp"
#include "support/sqlite.hpp"
#include "support/store.hpp"

using namespace persistance;
using bench::BareLmdb;
using bench::Sqlite;
using bench::User;

namespace {

constexpr int writers = 64;
constexpr std::size_t million = 1'000'000;

const BareLmdb& bare() {
  static const BareLmdb one("bare", bench::count);
  return one;
}
const BareLmdb& bareMillion() {
  static const BareLmdb one("bare-large", million);
  return one;
}

const Sqlite& sqlite() {
  static const Sqlite one;
  return one;
}

std::string millionKey(std::size_t i) { return "user:" + std::to_string(i); }

/// Runs `body(users)` over the store in `name`.
template <class Body>
void inStore(const char* name, Body body) {
  const LmdbOptions options(bench::directory() / name);
  bench::inStore(layer::provide(layerSchema, layerLmdb(options)), std::move(body));
}

template <class Loop>
void inStore(const char* name, benchmark::State& state, Loop loop) {
  inStore(name, [&](Persistance<User>& users) { return loop(state, users); });
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

void getOurs(benchmark::State& state) { inStore("small", state, bench::getOneByOne); }

void getEach(benchmark::State& state, const BareLmdb& from, const std::vector<std::string>& keys) {
  std::size_t i = 0;
  while (state.KeepRunning()) {
    MDB_txn* txn = from.begin(MDB_RDONLY);
    auto found = from.get(txn, keys[i++ % keys.size()]);
    mdb_txn_abort(txn);
    benchmark::DoNotOptimize(found);
  }
}
void getBare(benchmark::State& state) { getEach(state, bare(), bench::shuffledKeys()); }

void getSqlite(benchmark::State& state) {
  std::size_t i = 0;
  while (state.KeepRunning()) {
    auto found = sqlite().get(bench::shuffled(i++));
    benchmark::DoNotOptimize(found);
  }
}

void getManyOurs(benchmark::State& state) { inStore("small", state, bench::getHundreds); }

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
    for (int n = 0; n < writers; ++n, ++i) bare().put(txn, bench::shuffled(i), bench::encoded(i));
    bench::check(mdb_txn_commit(txn) == 0, "mdb_txn_commit");
  }
  state.SetItemsProcessed(state.iterations());
}

void setOneByOne(benchmark::State& state) {
  std::size_t i = 0;
  while (state.KeepRunning()) {
    MDB_txn* txn = bare().begin(0);
    bare().put(txn, bench::shuffled(i), bench::encoded(i));
    bench::check(mdb_txn_commit(txn) == 0, "mdb_txn_commit");
    ++i;
  }
  state.SetItemsProcessed(state.iterations());
}

void setOneOurs(benchmark::State& state) { inStore("written", state, bench::setOneByOne); }

void setSqlite(benchmark::State& state) {
  std::size_t i = 0;
  while (state.KeepRunning()) {
    sqlite().set(bench::shuffled(i), bench::encoded(i));
    ++i;
  }
  state.SetItemsProcessed(state.iterations());
}

// As many keys, spread over a million records or over ten thousand.
std::vector<std::string> spread(std::size_t records) {
  std::vector<std::string> keys;
  std::mt19937_64 random(1);
  for (std::size_t i = 0; i < bench::count; ++i) keys.push_back(millionKey(random() % records));
  return keys;
}
void getSpread(benchmark::State& state, const char* name, std::size_t records) {
  const std::vector<std::string> keys = spread(records);
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
void getBareMillion(benchmark::State& state) { getEach(state, bareMillion(), spread(million)); }
void getBareTenThousand(benchmark::State& state) { getEach(state, bare(), spread(bench::count)); }

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
BENCHMARK(getMillion)->Name("get of 1,000,000 to bare/persistance");
BENCHMARK(getBareMillion)->Name("get of 1,000,000 to bare/floor");
// What the machine's memory makes of it, without the library.
BENCHMARK(getBareMillion)->Name("bare get of 1,000,000/persistance");
BENCHMARK(getBareTenThousand)->Name("bare get of 1,000,000/floor");
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
                               {"one set, to SQLite", 0},
                               {"get of 1,000,000", 2.0},
                               {"get of 1,000,000 to bare", 1.3},
                               {"bare get of 1,000,000", 0},
                               {"open 1,000,000", 1.0}});
}
