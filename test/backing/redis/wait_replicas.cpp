#include <doctest/doctest.h>

#include "support/cluster.hpp"
#include "support/fake_cluster.hpp"
#include "support/outcomes.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

TEST_SUITE("redis wait replicas") {
  TEST_CASE("WAIT: the answer of a node that redirected the write does not count") {
    FakeCluster cluster([](const FakeCluster& self, std::size_t node, const Words& command) {
      if (command[0] == "WAIT") return Action(node == 1 ? ":1\r\n" : ":0\r\n");
      if (node == 1) return Action("+OK\r\n");
      return FakeCluster::redirect("MOVED", self.place(1));
    });
    test::run([&]() -> asio::awaitable<void> {
      RedisOptions options = patient(cluster.url());
      options.waitReplicas = 1;
      auto client = co_await Client::open(options);
      auto code = co_await failureOf(set(client->store("s"), "k", "v"));
      CHECK_FALSE(code.has_value());
      co_await client->close();
    });
  }

  TEST_CASE("WAIT: without replicas a write is unknownOutcome in time, and the primary has it") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      RedisOptions options(server.url());
      options.waitReplicas = 1;
      options.waitTimeout = milliseconds(150);
      auto client = co_await Client::open(options);
      auto store = client->store("s");
      auto began = Steady::now();
      auto code = co_await failureOf(set(store, "k", "v"));
      CHECK(code == BackingErrc::unknownOutcome);
      CHECK(since(began) >= milliseconds(140));
      CHECK(since(began) < milliseconds(600));
      began = Steady::now();
      auto found = co_await get(store, "k");  // a read waits for nobody
      CHECK(found == "v");
      CHECK(since(began) < milliseconds(100));
      std::vector<backing::Entry> entries;
      entries.emplace_back("a", bytesOf("1"), std::nullopt);
      entries.emplace_back("b", bytesOf("2"), std::nullopt);
      code = co_await failureOf(store->write(entries));
      CHECK(code == BackingErrc::unknownOutcome);
      found = co_await get(store, "b");
      CHECK(found == "2");
      code = co_await failureOf(remove(store, "k"));
      CHECK(code == BackingErrc::unknownOutcome);
      found = co_await get(store, "k");
      CHECK_FALSE(found.has_value());
      co_await client->close();
    });
  }
}
