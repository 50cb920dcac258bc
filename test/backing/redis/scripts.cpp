#include <doctest/doctest.h>

#include "support/ask.hpp"
#include "support/cluster.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;

namespace {

/// How often the server has run a command, as it counts itself.
int callsOf(RedisServer& server, const std::string& command) {
  const std::string stats = server.command({"INFO", "commandstats"});
  const std::string start = "cmdstat_" + command + ":calls=";
  const auto at = stats.find(start);
  return at == std::string::npos ? 0 : std::stoi(stats.substr(at + start.size()));
}

/// The script did what it is for.
asio::awaitable<void> check(StorePtr store, std::string key) {
  co_await set(store, key, "now");
  static_cast<void>(co_await exchange(store, key, "before", std::nullopt));
  auto kept = co_await get(store, key);
  CHECK(kept == "now");
  static_cast<void>(co_await exchange(store, key, "now", std::nullopt));
  auto gone = co_await get(store, key);
  CHECK_FALSE(gone.has_value());
}

}  // namespace

TEST_SUITE("redis scripts") {
  TEST_CASE("scripts: a server that has the source and says NOSCRIPT is a protocol error at once") {
    std::atomic<int> asked = 0;
    FakeServer server([&](const Words&) -> Action {
      ++asked;
      return "-NOSCRIPT No matching script\r\n";
    });
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      const auto began = Steady::now();
      auto code = co_await failureOf(exchange(client->store("s"), "k", "v", "w"));
      CHECK(code == BackingErrc::protocol);
      CHECK(since(began) < soon);
      CHECK(asked == 2);
      co_await client->close();
    });
  }

  TEST_CASE("scripts: the source travels once, and again after SCRIPT FLUSH and a restart") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("s");
      for (int i = 0; i < 5; ++i) co_await check(store, "k");
      CHECK(callsOf(server, "eval") == 1);
      CHECK(callsOf(server, "evalsha") == 10);
      server.command({"SCRIPT", "FLUSH"});
      for (int i = 0; i < 5; ++i) co_await check(store, "k");
      CHECK(callsOf(server, "eval") == 2);
      server.kill();
      server.start();
      bool healed = false;
      for (const auto began = Steady::now(); !healed && since(began) < std::chrono::seconds(5);) {
        co_await sleepFor(std::chrono::milliseconds(10));
        healed = !(co_await getFailure(store, "k")).has_value();
      }
      REQUIRE(healed);
      co_await check(store, "k");
      CHECK(callsOf(server, "eval") == 1);
      co_await client->close();
    });
  }

  TEST_CASE("scripts: each node of a cluster gets the source once") {
    RedisCluster& cluster = sharedCluster();
    for (std::size_t i = 0; i < cluster.size(); ++i) {
      cluster.node(i).command({"SCRIPT", "FLUSH"});
      cluster.node(i).command({"CONFIG", "RESETSTAT"});
    }
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(cluster.urls()));
      auto store = client->store("s");
      for (int i = 0; i < 60; ++i) co_await check(store, "k" + std::to_string(i));
      co_await client->close();
    });
    int once = 0;
    int calls = 0;
    for (std::size_t i = 0; i < cluster.size(); ++i) {
      const int sources = callsOf(cluster.node(i), "eval");
      CHECK(sources <= 1);
      once += sources;
      calls += callsOf(cluster.node(i), "evalsha");
    }
    CHECK(once == 3);
    CHECK(calls >= 120);
  }
}
