#include <doctest/doctest.h>

#include <functional>
#include <set>

#include "support/cluster.hpp"
#include "support/outcomes.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;

namespace {

constexpr int stayingCount = 2000;

/// Names of the store, written beside the library.
std::vector<std::string> stayingKeys() {
  std::vector<std::string> keys;
  for (int i = 0; i < stayingCount; ++i) keys.push_back("stays " + std::to_string(i));
  return keys;
}

int slotOfKey(const std::string& key) {
  return backing::redis::keySlot("persistance:{}1:s:" + key);
}

/// Pages of all keys, with something done after every so many of them.
asio::awaitable<int> missedWhile(StorePtr store, std::size_t limit,
                                 std::function<void(int page)> between) {
  std::map<std::string, int> seen;
  KeyQuery query;
  query.limit(limit);
  int number = 0;
  do {
    auto next = co_await page(store, query, seen);
    query.after(std::move(next));
    between(++number);
  } while (query.after());
  int missed = 0;
  for (const std::string& key : stayingKeys()) missed += seen.contains(key) ? 0 : 1;
  co_return missed;
}

/// So many different slots that have keys: there is something to move.
std::vector<int> slotsWithKeys(std::size_t many) {
  std::set<int> slots;
  for (const std::string& key : stayingKeys()) {
    if (slots.size() < many) slots.insert(slotOfKey(key));
  }
  return {slots.begin(), slots.end()};
}

}  // namespace

TEST_SUITE("redis keys moved") {
  TEST_CASE("E17: keys: slots that move between two pages, to nodes before and behind") {
    RedisCluster cluster;
    test::run(
        [&]() -> asio::awaitable<void> {
          auto client = co_await Client::open(RedisOptions(cluster.urls()));
          auto store = client->store("s");
          co_await setMany(store, stayingKeys());
          const std::vector<int> slots = slotsWithKeys(100);
          std::size_t moved = 0;
          const auto move = [&](int page) {
            if (page % 2 == 0) return;
            for (int i = 0; i < 10 && moved < slots.size(); ++i, ++moved) {
              cluster.moveSlot(slots[moved], cluster.otherThan(cluster.ownerPort(slots[moved])));
            }
          };
          const int missed = co_await missedWhile(store, 60, move);
          CHECK(missed == 0);
          CHECK(moved == slots.size());
          co_await client->close();
        },
        std::chrono::seconds(60));
  }

  TEST_CASE("E17: keys: slots that stay half moved, and are closed or called back much later") {
    RedisCluster cluster;
    for (const bool back : {false, true}) {
      CAPTURE(back);
      struct Move {
        int slot;
        std::uint16_t from;
        std::uint16_t to;
      };
      std::vector<Move> moves;
      test::run(
          [&]() -> asio::awaitable<void> {
            auto client = co_await Client::open(RedisOptions(cluster.urls()));
            auto store = client->store("s");
            co_await setMany(store, stayingKeys());
            for (const int slot : slotsWithKeys(60)) {
              const std::uint16_t from = cluster.ownerPort(slot);
              moves.push_back({slot, from, cluster.otherThan(from)});
            }
            // Opened on the first page; all keys walk on the second; closed, or all back, on the
            // ninth.
            const auto act = [&](int page) {
              for (const Move& move : moves) {
                if (page == 1) cluster.openSlot(move.slot, move.to);
                if (page == 2) cluster.sendKeys(move.slot, move.from, move.to);
                if (page != 9) continue;
                if (back) {
                  cluster.callBack(move.slot, move.from, move.to);
                } else {
                  cluster.sendKeys(move.slot, move.from, move.to);
                  cluster.closeSlot(move.slot, move.to);
                }
              }
            };
            const int missed = co_await missedWhile(store, 100, act);
            CHECK(missed == 0);
            co_await client->close();
          },
          std::chrono::seconds(60));
    }
  }

  TEST_CASE("E17: keys: slots that are half moved all the time") {
    RedisCluster cluster;
    test::run(
        [&]() -> asio::awaitable<void> {
          auto client = co_await Client::open(RedisOptions(cluster.urls()));
          auto store = client->store("s");
          co_await setMany(store, stayingKeys());
          for (const int slot : slotsWithKeys(30)) {
            const std::uint16_t from = cluster.ownerPort(slot);
            cluster.openSlot(slot, cluster.otherThan(from));
            cluster.sendKeys(slot, from, cluster.otherThan(from), 60);
          }
          const int missed = co_await missedWhile(store, 100, [](int) {});
          CHECK(missed == 0);
          co_await client->close();
        },
        std::chrono::seconds(60));
  }

  TEST_CASE("E17: keys: a replica takes over between two pages") {
    RedisCluster cluster;
    const std::uint16_t victim = cluster.ownerPort(0);
    test::run(
        [&]() -> asio::awaitable<void> {
          RedisOptions options(cluster.urls());
          options.waitReplicas = 1;  // so that nothing is lost that was written
          auto client = co_await Client::open(options);
          auto store = client->store("s");
          co_await setMany(store, stayingKeys());
          const auto kill = [&](int page) {
            if (page == 2) cluster.at(victim).kill();
          };
          const int missed = co_await missedWhile(store, 100, kill);
          CHECK(missed == 0);
          co_await client->close();
        },
        std::chrono::seconds(60));
  }

  TEST_CASE("E3: keys: a server alone that is started again between two pages") {
    RedisServer server({"--appendonly", "yes", "--appendfsync", "always"});
    test::run(
        [&]() -> asio::awaitable<void> {
          auto client = co_await Client::open(patient(server.url()));
          auto store = client->store("s");
          co_await setMany(store, stayingKeys());
          bool healed = true;
          const auto restart = [&](int page) {
            if (page != 10) return;
            server.kill();
            server.start();
            healed = false;
          };
          std::map<std::string, int> seen;
          KeyQuery query;
          query.limit(60);
          for (int number = 1;; ++number) {
            auto next = co_await page(store, query, seen);
            query.after(std::move(next));
            if (!query.after()) break;
            restart(number);
            while (!healed) {
              co_await sleepFor(std::chrono::milliseconds(10));
              healed = !(co_await getFailure(store, "k")).has_value();
            }
          }
          CHECK(seen.size() == stayingCount);
          co_await client->close();
        },
        std::chrono::seconds(60));
  }
}
