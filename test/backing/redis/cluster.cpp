#include <doctest/doctest.h>

#include <persistance/backing/redis.hpp>

#include "backing/redis/names.hpp"
#include "contract/suite.hpp"
#include "support/cluster.hpp"
#include "support/run.hpp"
#include "support/store_io.hpp"
#include "support/workload.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

TEST_SUITE("redis cluster") {
  TEST_CASE("cluster: contract, and the differential against memory") {
    contract::Subject subject;
    subject.fresh = [] {
      sharedCluster().clean();
      return layerRedis(RedisOptions(sharedCluster().urls()));
    };
    subject.pass = [](milliseconds time) { return sleepFor(time + milliseconds(2)); };
    subject.unit = milliseconds(40);
    subject.atomic = false;
    subject.listsOnce = false;  // SCAN
    for (const contract::Check& check : contract::checks()) {
      SUBCASE(check.name) { check.run(subject); }
    }
  }

  TEST_CASE("B7: slots are those of CLUSTER KEYSLOT") {
    for (const std::string key : {"", "a", "{", "}", "{}", "a{b}c", "{x}{y}", "foo{{bar}}zap",
                                  "foo{}{bar}", "\r\n", "\xff"}) {
      for (const std::string& name : {key, backing::redis::namesOf("persistance:", key) + key}) {
        const std::string theirs = sharedCluster().node(0).command({"CLUSTER", "KEYSLOT", name});
        CHECK(std::to_string(backing::redis::keySlot(name)) == theirs);
      }
    }
  }

  TEST_CASE("E21: operations over many slots are split, and gathered in the order of the request") {
    sharedCluster().clean();
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(sharedCluster().node(4).url()));
      auto store = client->store("many");
      std::vector<backing::Entry> entries;
      std::vector<std::string> keys;
      for (int i = 0; i < 1000; ++i) {
        keys.push_back("key {same} " + std::to_string(i));
        entries.emplace_back(keys.back(), bytesOf("value " + std::to_string(i)), std::nullopt);
      }
      co_await store->write(entries);
      keys.push_back("none");
      keys.push_back(keys[7]);
      auto found = co_await getMany(store, keys);
      for (std::size_t i = 0; i < 1000; ++i) CHECK(found[i] == "value " + std::to_string(i));
      CHECK_FALSE(found[1000].has_value());
      CHECK(found[1001] == "value 7");
      co_await store->clear();
      found = co_await getMany(store, keys);
      for (const auto& value : found) CHECK_FALSE(value.has_value());
      co_await client->close();
    });
  }

  TEST_CASE("replica reads: replicas answer, and writes go to primaries") {
    sharedCluster().clean();
    test::run([&]() -> asio::awaitable<void> {
      RedisOptions options(sharedCluster().urls());
      options.replicaReads = true;
      options.waitReplicas = 1;  // so that the replica has it when the set ends
      auto client = co_await Client::open(options);
      auto store = client->store("replicas");
      for (int i = 0; i < 50; ++i) {
        co_await set(store, std::to_string(i), "v" + std::to_string(i));
        auto found = co_await get(store, std::to_string(i));
        CHECK(found == "v" + std::to_string(i));
      }
      co_await client->close();
    });
    int served = 0;
    for (std::size_t i = 0; i < sharedCluster().size(); ++i) {
      RedisServer& node = sharedCluster().node(i);
      if (node.command({"ROLE"}).find("slave") == std::string::npos &&
          node.command({"INFO", "replication"}).find("role:slave") == std::string::npos) {
        continue;
      }
      if (node.command({"INFO", "commandstats"}).find("cmdstat_get") != std::string::npos) ++served;
    }
    CHECK(served == 3);
  }

  TEST_CASE("E17: a slot migrates under load: MOVED, ASK and TRYAGAIN are followed") {
    RedisCluster& cluster = sharedCluster();
    cluster.clean();
    const std::string key = "migrating";
    const std::string name = backing::redis::namesOf("persistance:", "load") + key;
    const int slot = backing::redis::keySlot(name);
    const std::uint16_t from = cluster.ownerPort(slot);
    std::uint16_t to = cluster.ownerPort((slot + 8192) % 16384);
    if (to == from) to = cluster.ownerPort((slot + 5461) % 16384);
    REQUIRE(from != to);
    const std::string number = std::to_string(slot);
    std::thread mover;
    Workload load(RedisOptions(cluster.urls()), {key, "other", "third"});
    load.run(milliseconds(2500), [&] {
      mover = std::thread([&, from, to] {
        std::this_thread::sleep_for(milliseconds(300));
        const std::string target = cluster.idOf(to);
        const std::string source = cluster.idOf(from);
        cluster.at(to).command({"CLUSTER", "SETSLOT", number, "IMPORTING", source});
        cluster.at(from).command({"CLUSTER", "SETSLOT", number, "MIGRATING", target});
        std::this_thread::sleep_for(milliseconds(300));
        cluster.at(from).command(
            {"MIGRATE", "127.0.0.1", std::to_string(to), name, "0", "1000", "REPLACE"});
        std::this_thread::sleep_for(milliseconds(500));
        cluster.at(to).command({"CLUSTER", "SETSLOT", number, "NODE", target});
        std::this_thread::sleep_for(milliseconds(100));
        cluster.at(from).command({"CLUSTER", "SETSLOT", number, "NODE", target});
      });
    });
    mover.join();
    INFO(load.summary());
    CHECK(load.wrong == 0);
    CHECK(load.lost == 0);
    CHECK(load.late == 0);
    CHECK(load.failed == 0);
    CHECK(load.succeeded > 500);
    CHECK(cluster.ownerPort(slot) == to);
  }
}
