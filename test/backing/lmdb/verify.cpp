// What a scan reports: the counts of a sound store, and each kind of damage by its words.

#include "damage_by_hand.hpp"
#include "process.hpp"
#include "reopened.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

namespace {

bool mentions(const LmdbReport& report, std::string_view words) {
  return std::ranges::any_of(report.problems, [&](const std::string& problem) {
    return problem.find(words) != std::string::npos;
  });
}

constexpr std::uint64_t firstStore = 1;
constexpr auto life = 10s;

/// Three values, one of them with a time to live.
void fill(Fixture& f) {
  f.open();
  run([&]() -> asio::awaitable<void> {
    const Client store = f.client();
    co_await store.set("a", "one");
    co_await store.set("b", "three");
    co_await store.set("c", "x", life);
  });
}

}  // namespace

TEST_SUITE("lmdb verify") {
  TEST_CASE("a sound store is counted") {
    Fixture f;
    fill(f);
    LmdbReport report = reportOf(f);
    CHECK(report.sound());
    CHECK(report.records == 3);
    CHECK(report.bytes == 9);
    CHECK(report.expired == 0);
    CHECK(report.cleared == 0);
    *f.now += std::chrono::milliseconds(life).count();
    report = reportOf(f);
    CHECK(report.sound());
    CHECK(report.expired == 1);
  }

  TEST_CASE(
      "a value, an index entry, a store and a key that are not what was written are told of") {
    struct Damage {
      std::function<void(MDB_txn*, MDB_dbi)> make;
      std::string_view words;
    };
    const lmdb::DatabaseKey a = lmdb::wholeName(firstStore, "a");
    const lmdb::DatabaseKey c = lmdb::wholeName(firstStore, "c");
    const Damage damages[] = {
        {[&](MDB_txn* txn, MDB_dbi dbi) {
           putByHand(txn, dbi, a, "no seal at all, but long enough");
         },
         "the checksum is wrong of"},
        {[&](MDB_txn* txn, MDB_dbi dbi) {
           const std::uint64_t ends =
               1'700'000'000'000U +
               static_cast<std::uint64_t>(std::chrono::milliseconds(life).count());
           removeByHand(txn, dbi, lmdb::expiryKey(ends, c.bytes()));
         },
         "the expiry index lacks"},
        {[&](MDB_txn* txn, MDB_dbi dbi) { putByHand(txn, dbi, lmdb::expiryKey(5, a.bytes()), ""); },
         "the expiry index has what is not there"},
        {[&](MDB_txn* txn, MDB_dbi dbi) {
           removeByHand(txn, dbi, lmdb::wholeName(lmdb::directoryNumber, "store"));
         },
         "no store is known of"},
        {[&](MDB_txn* txn, MDB_dbi dbi) {
           putByHand(txn, dbi, lmdb::garbageKey(firstStore), "no seal at all, but long enough");
         },
         "the checksum is wrong of"},
        {[&](MDB_txn* txn, MDB_dbi dbi) {
           lmdb::putSealed(txn, dbi, lmdb::garbageKey(firstStore), lmdb::never, {}, {});
         },
         "a store in use is marked as cleared"},
        {[&](MDB_txn* txn, MDB_dbi dbi) {
           constexpr std::byte odd{9};
           putByHand(txn, dbi, lmdb::DatabaseKey(lmdb::Bytes(&odd, 1)), "");
         },
         "none of this library's keys is"},
    };
    for (const Damage& damage : damages) {
      CAPTURE(damage.words);
      Fixture f;
      fill(f);
      CHECK(inChild([&] {  // while it is open here; at opening some would be refused
              changeByHand(f, damage.make);
              return 7;
            }) == 7);
      const LmdbReport report = reportOf(f);
      CHECK_FALSE(report.sound());
      CHECK(report.damaged == report.problems.size());
      CHECK(mentions(report, damage.words));
    }
  }

  TEST_CASE("at most a hundred problems are put in words, and all are counted") {
    Fixture f;
    fill(f);
    changeByHand(f, [](MDB_txn* txn, MDB_dbi dbi) {
      for (int i = 0; i < 150; ++i)
        putByHand(txn, dbi, lmdb::wholeName(firstStore, "x" + std::to_string(i)), "damaged");
    });
    const LmdbReport report = reportOf(f);
    CHECK(report.damaged == 150);
    CHECK(report.problems.size() == 100);
  }

  TEST_CASE("verifyLmdb scans a layer's store, and refuses another backing") {
    const Directory directory;
    run([&]() -> asio::awaitable<void> {
      const auto scan = [](BackingPersistance& backing) -> asio::awaitable<void> {
        auto store = co_await backing.make("store");
        const Unknown one(nlohmann::json(1));
        co_await store.set("k", one);
        const LmdbReport report = co_await verifyLmdb(backing);
        CHECK(report.sound());
        CHECK(report.records == 1);
      };
      co_await layer::run(layerLmdb(LmdbOptions(directory.path())), scan);
      const auto refused = [](BackingPersistance& backing) -> asio::awaitable<void> {
        std::error_code code;
        try {
          (void)co_await verifyLmdb(backing);
        } catch (const PersistanceBackingError& error) {
          code = error.code();
          CHECK(error.method() == "verify");
        }
        CHECK(code == BackingErrc::unsupported);
      };
      co_await layer::run(layerMemory, refused);
    });
  }
}
