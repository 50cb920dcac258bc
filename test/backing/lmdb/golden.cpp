// Files of each released format.

#include "damage_by_hand.hpp"
#include "reopened.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

namespace {

void copyGolden(Fixture& f, int format) {
  const std::string name = "/lmdb_format_" + std::to_string(format) + ".mdb";
  std::filesystem::copy_file(PERSISTANCE_GOLDEN + name, f.directory.data());
  std::filesystem::permissions(f.directory.data(), std::filesystem::perms::owner_write,
                               std::filesystem::perm_options::add);
  f.options.open = LmdbOpen::mustExist;
}

std::uint32_t formatOf(Fixture& f) {
  const MDB_dbi dbi = f.database->file()->keyspace.dbi;
  return inSnapshot(f, [&](MDB_txn* txn) { return lmdb::readIdentity(txn, dbi).format; });
}

bool holds(Fixture& f, const lmdb::DatabaseKey& key) {
  const MDB_dbi dbi = f.database->file()->keyspace.dbi;
  return inSnapshot(f,
                    [&](MDB_txn* txn) { return lmdb::lookUp(txn, dbi, key.bytes()).has_value(); });
}

}  // namespace

TEST_SUITE("lmdb golden") {
  TEST_CASE("a file of each format opens, is sound, and has what was written into it") {
    for (const int format : {1, 2}) {
      CAPTURE(format);
      Fixture f;
      copyGolden(f, format);
      f.options.sweepInterval = 1h;
      const LmdbReport report = reportOf(f);
      CHECK(report.sound());
      CHECK(report.records == 5);
      CHECK(report.expired == 1);
      CHECK(report.cleared == (format == 1 ? 0 : 1));
      CHECK(formatOf(f) == static_cast<std::uint32_t>(format));
      run([&]() -> asio::awaitable<void> {
        const Client store = f.client("store");
        CHECK(co_await store.get("whole") == "as it is");
        CHECK(co_await store.get(std::string(1000, 'l')) == "under a digest");
        CHECK(co_await store.get("large") == std::string(5000, 'v'));
        CHECK(co_await f.client("other:store").get("") == "of nothing");
        CHECK(co_await store.get("expired") == std::nullopt);
        co_await store.set("whole", "written anew");
        CHECK(co_await store.get("whole") == "written anew");
      });
      CHECK(formatOf(f) == 2);
      f.reopen();
      CHECK(reportOf(f).sound());
    }
  }

  TEST_CASE("a file of format 1 that is half swept is carried over, and the sweep goes on") {
    Fixture f;
    f.options.sweepInterval = 1h;
    f.open();
    run([&]() -> asio::awaitable<void> {
      std::vector<Entry> entries;  // more than one step of the sweep
      for (int i = 0; i < 3000; ++i) entries.push_back(entry("k" + std::to_string(i), "v"));
      co_await f.client().setMany(std::move(entries));
      co_await f.client().clear();
      co_await f.client().set("k", "kept");
    });
    const lmdb::DatabaseKey garbage = lmdb::garbageKey(1);
    changeByHand(f, [&](MDB_txn* txn, MDB_dbi dbi) {
      lmdb::Identity identity = lmdb::readIdentity(txn, dbi);
      identity.format = 1;
      lmdb::putMeta(txn, dbi, lmdb::identityName, lmdb::encodeIdentity(identity));
      REQUIRE(lmdb::lookUp(txn, dbi, garbage.bytes()));
      putByHand(txn, dbi, garbage, "");
    });
    f.open();
    CHECK(formatOf(f) == 1);
    CHECK(reportOf(f).sound());
    f.options.sweepInterval = 5ms;
    f.reopen();
    for (int i = 0; i < 2000 && holds(f, garbage); ++i) std::this_thread::sleep_for(5ms);
    CHECK_FALSE(holds(f, garbage));
    CHECK(formatOf(f) == 2);
    CHECK(reportOf(f).sound());
    CHECK(reportOf(f).cleared == 0);
    run([&]() -> asio::awaitable<void> { CHECK(co_await f.client().get("k") == "kept"); });
  }
}
