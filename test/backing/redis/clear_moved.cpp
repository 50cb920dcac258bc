#include <doctest/doctest.h>

#include <set>

#include "support/cluster.hpp"
#include "support/outcomes.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

namespace {

std::vector<std::string> keysToClear() {
  std::vector<std::string> keys;
  for (int i = 0; i < 300; ++i) keys.push_back("c" + std::to_string(i));
  return keys;
}

std::vector<int> slotsToClear() {
  std::set<int> slots;
  for (const std::string& key : keysToClear()) {
    slots.insert(backing::redis::keySlot("persistance:{}1:s:" + key));
  }
  return {slots.begin(), slots.end()};
}

/// How many keys are anywhere in the cluster.
int keysLeft(RedisCluster& cluster, std::uint16_t dead = 0) {
  int left = 0;
  for (std::size_t i = 0; i < cluster.size(); ++i) {
    if (cluster.node(i).port() == dead) continue;
    if (cluster.node(i).command({"INFO", "replication"}).find("role:master") == std::string::npos)
      continue;
    left += std::stoi(cluster.node(i).command({"DBSIZE"}));
  }
  return left;
}

}  // namespace

TEST_SUITE("redis clear moved") {
  TEST_CASE("I18: clear after slots moved, and while they are half moved, leaves nothing") {
    RedisCluster cluster;
    test::run(
        [&]() -> asio::awaitable<void> {
          RedisOptions options(cluster.urls());
          options.clearDeadline = milliseconds(20000);
          auto client = co_await Client::open(options);
          auto store = client->store("s");
          co_await setMany(store, keysToClear());
          const std::vector<int> slots = slotsToClear();
          const std::uint16_t fresh = cluster.addPrimary();  // which the client knows nothing of
          for (std::size_t i = 0; i < 60; ++i) {
            const std::uint16_t from = cluster.ownerPort(slots[i]);
            const std::uint16_t to = i % 2 == 0 ? fresh : cluster.otherThan(from);
            if (i % 3 == 0) {
              cluster.openSlot(slots[i], to);
              if (i % 4 != 3) cluster.sendKeys(slots[i], from, to);
            } else {
              cluster.moveSlot(slots[i], to);
            }
          }
          co_await store->clear();
          CHECK(keysLeft(cluster) == 0);
          co_await client->close();
        },
        milliseconds(60000));
  }

  TEST_CASE("I18: clear after slots moved to a node that the client knows nothing of") {
    RedisCluster cluster;
    test::run(
        [&]() -> asio::awaitable<void> {
          auto client = co_await Client::open(RedisOptions(cluster.urls()));
          auto store = client->store("s");
          co_await setMany(store, keysToClear());
          const std::vector<int> slots = slotsToClear();
          const std::uint16_t fresh = cluster.addPrimary();
          for (std::size_t i = 0; i < 33; ++i) cluster.moveSlot(slots[i], fresh);
          co_await store->clear();
          CHECK(keysLeft(cluster) == 0);
          co_await client->close();
        },
        milliseconds(60000));
  }

  TEST_CASE("I18: clear after a replica has taken over leaves nothing") {
    RedisCluster cluster;
    const std::uint16_t victim = cluster.ownerPort(0);
    test::run(
        [&]() -> asio::awaitable<void> {
          RedisOptions options(cluster.urls());
          options.waitReplicas = 1;
          auto writer = co_await Client::open(options);
          auto client = co_await Client::open(RedisOptions(cluster.urls()));
          co_await setMany(writer->store("s"), keysToClear());
          co_await writer->close();
          cluster.at(victim).kill();
          const auto began = Steady::now();
          auto code = co_await failureOf(client->store("s")->clear());
          CHECK_FALSE(code.has_value());
          CHECK(since(began) < milliseconds(20000));
          CHECK(keysLeft(cluster, victim) == 0);
          co_await client->close();
        },
        milliseconds(90000));
  }

  TEST_CASE("I18: clear of a server alone that is started again meanwhile leaves nothing") {
    RedisServer server({"--appendonly", "yes", "--appendfsync", "always"});
    test::run(
        [&]() -> asio::awaitable<void> {
          RedisOptions options(server.url());
          auto client = co_await Client::open(options);
          auto store = client->store("s");
          co_await setMany(store, keysToClear());
          server.kill();
          server.start();
          std::optional<BackingErrc> code = BackingErrc::unavailable;
          for (int i = 0; code && i < 200; ++i) {
            code = co_await failureOf(store->clear());
            co_await sleepFor(milliseconds(10));
          }
          CHECK_FALSE(code.has_value());
          CHECK(server.command({"DBSIZE"}) == "0");
          co_await client->close();
        },
        milliseconds(60000));
  }
}
