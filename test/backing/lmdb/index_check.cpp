// I14: bits that flip in our own records. No store is silently empty, and none is erased.

#include "damage_by_hand.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t onlyStore = 1;

/// One store with a value, and one that was cleared and not yet swept.
void fillTwo(Fixture& f) {
  f.options.sweepInterval = 1h;
  f.open();
  run([&]() -> asio::awaitable<void> {
    co_await f.client().set("k", "v");
    co_await f.client("other").set("k", "v");
  });
}

std::string valueAt(MDB_txn* txn, MDB_dbi dbi, const lmdb::DatabaseKey& key) {
  const auto found = lmdb::lookUp(txn, dbi, key.bytes());
  REQUIRE(found);
  return {reinterpret_cast<const char*>(found->data()), found->size()};
}

/// Puts a record under its key with one bit changed. False: it is not there.
bool flipBitOfKey(MDB_txn* txn, MDB_dbi dbi, const lmdb::DatabaseKey& key, std::size_t bit) {
  if (!lmdb::lookUp(txn, dbi, key.bytes())) return false;
  const std::string sealed = valueAt(txn, dbi, key);
  std::vector<std::byte> changed(key.bytes().begin(), key.bytes().end());
  changed[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
  removeByHand(txn, dbi, key);
  putByHand(txn, dbi, lmdb::DatabaseKey(changed), sealed);
  return true;
}

/// A key of no kind of ours, before all others, is a sign of another program.
bool isRefused(Fixture& f) {
  const auto code = openingFails(f);
  return code == BackingErrc::corrupt || code == BackingErrc::wrongType;
}

/// Opens and sweeps. Whether it is refused as corrupt, or all is still there.
bool refusedOrWhole(Fixture& f) {
  f.options.sweepInterval = 5ms;
  try {
    f.open();
  } catch (const Failure& failure) {
    return failure.code() == BackingErrc::corrupt;
  }
  std::this_thread::sleep_for(200ms);
  return run([&]() -> asio::awaitable<bool> {
    const auto first = co_await f.client().get("k");
    const auto second = co_await f.client("other").get("k");
    co_return first == "v" && second == "v";
  });
}

}  // namespace

TEST_SUITE("lmdb index check") {
  TEST_CASE("a garbage record of a store that is in use does not erase it") {
    for (const std::string_view value : {"", "no seal, but as long as one"}) {
      Fixture f;
      fillTwo(f);
      changeByHand(f, [&](MDB_txn* txn, MDB_dbi dbi) {
        putByHand(txn, dbi, lmdb::garbageKey(onlyStore), value);
      });
      CHECK(refusedOrWhole(f));
    }
  }

  TEST_CASE("each bit of the key of a directory record is guarded") {
    const lmdb::DatabaseKey key = lmdb::wholeName(lmdb::directoryNumber, "store");
    for (std::size_t bit = 0; bit < key.bytes().size() * 8; ++bit) {
      Fixture f;
      fillTwo(f);
      changeByHand(f,
                   [&](MDB_txn* txn, MDB_dbi dbi) { REQUIRE(flipBitOfKey(txn, dbi, key, bit)); });
      CAPTURE(bit);
      CHECK(isRefused(f));
    }
  }

  TEST_CASE("each bit of the value of a directory record is guarded") {
    const lmdb::DatabaseKey key = lmdb::wholeName(lmdb::directoryNumber, "store");
    for (std::size_t bit = 0; bit < 25 * 8; bit += 3) {
      Fixture f;
      fillTwo(f);
      changeByHand(f, [&](MDB_txn* txn, MDB_dbi dbi) {
        std::string sealed = valueAt(txn, dbi, key);
        sealed[bit / 8] = static_cast<char>(sealed[bit / 8] ^ (1 << bit % 8));
        putByHand(txn, dbi, key, sealed);
      });
      CAPTURE(bit);
      CHECK(openingFails(f) == BackingErrc::corrupt);
    }
  }

  TEST_CASE("values of a store that neither the directory nor the garbage knows are corrupt") {
    Fixture f;
    fillTwo(f);
    changeByHand(f, [&](MDB_txn* txn, MDB_dbi dbi) {
      removeByHand(txn, dbi, lmdb::wholeName(lmdb::directoryNumber, "store"));
    });
    CHECK(openingFails(f) == BackingErrc::corrupt);
  }

  TEST_CASE("a counter of store numbers that would give a number out again is corrupt") {
    Fixture f;
    fillTwo(f);
    changeByHand(f, [&](MDB_txn* txn, MDB_dbi dbi) {
      lmdb::putMeta(txn, dbi, lmdb::nextNumberName, lmdb::encodeNumber(onlyStore));
    });
    CHECK(openingFails(f) == BackingErrc::corrupt);
  }

  TEST_CASE("each bit of the key of a garbage record is guarded") {
    for (std::size_t bit = 0; bit < 9 * 8; ++bit) {
      Fixture f;
      f.options.sweepInterval = 1h;
      const lmdb::DatabaseKey key = lmdb::garbageKey(onlyStore);
      f.open();
      run([&]() -> asio::awaitable<void> {
        std::vector<Entry> entries;  // more than one sweep deletes
        for (int i = 0; i < 3000; ++i) entries.push_back(entry("k" + std::to_string(i), "v"));
        co_await f.client().setMany(std::move(entries));
        co_await f.client("other").set("k", "v");
        co_await f.client().clear();
        co_await f.client().set("k", "v");
      });
      f.database.reset();
      changeByHand(f, [&](MDB_txn* txn, MDB_dbi dbi) {
        REQUIRE(flipBitOfKey(txn, dbi, key, bit));  // it was not swept yet
      });
      CAPTURE(bit);
      CHECK(isRefused(f));
    }
  }
}
