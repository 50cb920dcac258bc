// What is deleted in the background.

#include "support.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

namespace {

/// How many keys of a kind there are, of living and of dead values.
std::size_t entriesOf(Fixture& f, lmdb::Kind kind) {
  return inSnapshot(f, [&](MDB_txn* txn) {
    const auto cursor = lmdb::openCursor(txn, f.database->file()->keyspace.dbi);
    std::size_t count = 0;
    MDB_val key{};
    MDB_val value{};
    while (mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT) == MDB_SUCCESS)
      if (lmdb::headOf(lmdb::asBytes(key))->kind == kind) ++count;
    return count;
  });
}

template <class Predicate>
bool eventually(Predicate predicate) {
  for (int i = 0; i < 2000; ++i) {
    if (predicate()) return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

}  // namespace

TEST_SUITE("lmdb sweeper") {
  TEST_CASE("what has expired, or was cleared, is swept out; what lives is not") {
    Fixture f;
    f.options.sweepInterval = 5ms;
    f.open();
    run([&]() -> asio::awaitable<void> {
      std::vector<Entry> entries;
      for (int i = 0; i < 2500; ++i)
        entries.push_back(entry("e" + std::to_string(i), "v", std::chrono::milliseconds(1000 + i)));
      entries.push_back(entry("lives", "v", 1h));
      entries.push_back(entry("stays", "v"));
      co_await f.client().setMany(std::move(entries));
      co_await f.client().set("e7", "renewed");
      std::vector<Entry> others;
      for (int i = 0; i < 2500; ++i) others.push_back(entry("o" + std::to_string(i), "v", 1h));
      co_await f.client("other").setMany(std::move(others));
    });
    const std::size_t directory = 2;
    CHECK(entriesOf(f, lmdb::Kind::value) == 2502 + 2500 + directory);
    CHECK(entriesOf(f, lmdb::Kind::expiry) == 2500 + 2500);
    *f.now += 10'000;
    CHECK(eventually([&] { return entriesOf(f, lmdb::Kind::value) == 3 + 2500 + directory; }));
    CHECK(entriesOf(f, lmdb::Kind::expiry) == 1 + 2500);
    run([&]() -> asio::awaitable<void> {
      co_await f.client("other").clear();
      CHECK(co_await f.client("other").get("o1") == std::nullopt);
      co_await f.client("other").set("o1", "new");
    });
    CHECK(eventually([&] { return entriesOf(f, lmdb::Kind::value) == 3 + 1 + directory; }));
    CHECK(eventually([&] { return entriesOf(f, lmdb::Kind::garbage) == 0; }));
    CHECK(entriesOf(f, lmdb::Kind::expiry) == 1);
    run([&]() -> asio::awaitable<void> {
      CHECK(co_await f.client().get("e7") == "renewed");
      CHECK(co_await f.client().get("lives") == "v");
      CHECK(co_await f.client().get("stays") == "v");
      CHECK(co_await f.client("other").get("o1") == "new");
    });
  }

  TEST_CASE("a clock that throws is asked once an interval, and does not stop the writer") {
    Fixture f;
    f.options.sweepInterval = 20ms;
    const auto asked = std::make_shared<std::atomic<int>>(0);
    const auto broken = std::make_shared<std::atomic<bool>>(false);
    f.options.clock = [asked, broken] {
      ++*asked;
      if (*broken) throw std::runtime_error("no clock");
      return std::chrono::system_clock::time_point();
    };
    f.open();
    *broken = true;
    asked->store(0);
    std::this_thread::sleep_for(400ms);
    CHECK(*asked > 0);
    CHECK(*asked <= 25);
    run([&]() -> asio::awaitable<void> {
      co_await f.client().remove("k");
      co_await f.client().clear();
    });
  }
}
