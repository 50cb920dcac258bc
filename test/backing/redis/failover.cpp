#include <doctest/doctest.h>

#include "backing/redis/names.hpp"
#include "support/cluster.hpp"
#include "support/outcomes.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

namespace {

struct Losses {
  int acknowledged = 0;
  int unknown = 0;  ///< Writes that ended as unknownOutcome.
  int lost = 0;     ///< Acknowledged, and gone after the failover.
};

/// Writes to one primary while it has lost its replica, then loses the primary itself: the replica
/// takes over with what it had. The worst that asynchronous replication does, at a time of our
/// choice.
Losses measure(std::size_t waitReplicas) {
  RedisCluster cluster;
  const std::string names = backing::redis::namesOf("persistance:", "s");
  const std::uint16_t victim = cluster.ownerPort(0);
  RedisServer& replica = cluster.replicaOf(victim);
  std::vector<std::string> keys;  // of the victim
  for (int i = 0; keys.size() < 200; ++i) {
    const std::string key = "w" + std::to_string(i);
    if (backing::redis::keySlot(names + key) < 5000) keys.push_back(key);
  }
  Losses losses;
  test::run(
      [&]() -> asio::awaitable<void> {
        RedisOptions options(cluster.urls());
        options.waitReplicas = waitReplicas;
        options.waitTimeout = milliseconds(5);
        options.deadline = milliseconds(8000);
        auto client = co_await Client::open(options);
        auto store = client->store("s");
        std::vector<std::string> acknowledged;
        for (std::size_t i = 0; i < keys.size(); ++i) {
          if (i == keys.size() / 2) {
            replica.signal(SIGSTOP);
            cluster.at(victim).command({"CLIENT", "KILL", "TYPE", "replica"});
          }
          auto code = co_await failureOf(set(store, keys[i], keys[i]));
          if (!code) acknowledged.push_back(keys[i]);
          if (code == BackingErrc::unknownOutcome) ++losses.unknown;
        }
        cluster.at(victim).kill();
        replica.signal(SIGCONT);
        losses.acknowledged = static_cast<int>(acknowledged.size());
        const std::size_t alive = cluster.node(0).port() == victim ? 1 : 0;
        for (const auto began = Steady::now();
             cluster.ownerPort(0, alive) == victim && since(began) < milliseconds(10000);) {
          co_await sleepFor(milliseconds(10));
        }
        for (const std::string& key : acknowledged) {
          auto found = co_await get(store, key);
          if (found != key) ++losses.lost;
        }
        co_await client->close();
      },
      milliseconds(30000));
  return losses;
}

std::string summary(const char* how, const Losses& losses) {
  return std::string(how) + ": acknowledged " + std::to_string(losses.acknowledged) +
         ", of them lost " + std::to_string(losses.lost) + ", unknownOutcome " +
         std::to_string(losses.unknown);
}

}  // namespace

TEST_SUITE("redis failover") {
  TEST_CASE("E17: a primary is killed under load: every operation ends once and in time") {
    RedisCluster cluster;
    const std::uint16_t victim = cluster.ownerPort(
        backing::redis::keySlot(backing::redis::namesOf("persistance:", "load") + "key 0"));
    RedisOptions options(cluster.urls());
    std::vector<std::string> keys;
    for (int i = 0; i < 60; ++i) keys.push_back("key " + std::to_string(i));
    Workload load(options, keys);
    std::thread killer;
    std::optional<milliseconds> recovered;
    load.run(milliseconds(8000), [&] {
      killer = std::thread([&] {
        std::this_thread::sleep_for(milliseconds(1000));
        cluster.at(victim).kill();
        const std::size_t alive = cluster.node(0).port() == victim ? 1 : 0;
        const int slot =
            backing::redis::keySlot(backing::redis::namesOf("persistance:", "load") + "key 0");
        for (int i = 0; i < 600 && cluster.ownerPort(slot, alive) == victim; ++i) {
          std::this_thread::sleep_for(milliseconds(10));
        }
        const auto elected = std::chrono::steady_clock::now();
        const std::size_t before = load.succeededOn("key 0");
        for (int i = 0; i < 500 && load.succeededOn("key 0") == before; ++i) {
          std::this_thread::sleep_for(milliseconds(5));
        }
        if (load.succeededOn("key 0") > before) {
          recovered =
              std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - elected);
        }
      });
    });
    killer.join();
    MESSAGE(load.summary());
    REQUIRE(recovered.has_value());
    MESSAGE("first success after the election: " << recovered->count() << " ms");
    CHECK(*recovered < milliseconds(1000));
    CHECK(load.wrong == 0);
    CHECK(load.late == 0);
    CHECK(load.succeeded > 1000);
  }

  TEST_CASE("E22: what a failover loses of the acknowledged writes, without WAIT and with WAIT 1") {
    const Losses without = measure(0);
    MESSAGE(summary("without WAIT", without));
    CHECK(without.acknowledged == 200);
    CHECK(without.lost >= 100);  // as the README says: acknowledged, and gone
    const Losses with = measure(1);
    MESSAGE(summary("with WAIT 1", with));
    CHECK(with.acknowledged + with.unknown == 200);
    CHECK(with.unknown >= 100);
    CHECK(with.acknowledged > 0);
    CHECK(with.lost == 0);
  }
}
