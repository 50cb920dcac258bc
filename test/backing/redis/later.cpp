#include <doctest/doctest.h>

#include "backing/redis/key.hpp"
#include "support/cluster.hpp"
#include "support/fake_cluster.hpp"
#include "support/outcomes.hpp"

using namespace persistance;
using namespace persistance::test;
using redis::Client;
using std::chrono::milliseconds;

namespace {

/// Two keys of store "s" that share a slot.
std::vector<std::string> neighbours() {
  std::map<unsigned, std::string> seen;
  for (int i = 0;; ++i) {
    const std::string key = "n" + std::to_string(i);
    const unsigned slot = redis::keySlot(redis::namesOf("persistance:", "s") + key);
    const auto [place, added] = seen.emplace(slot, key);
    if (!added) return {place->second, key};
  }
}

RedisOptions patient(std::string url) {
  RedisOptions options(std::move(url));
  options.operationTimeout = milliseconds(2000);
  return options;
}

}  // namespace

TEST_SUITE("redis later") {
  TEST_CASE("E17: TRYAGAIN and CLUSTERDOWN are asked again, and unavailable at the deadline") {
    for (const std::string refusal : {"-TRYAGAIN x\r\n", "-CLUSTERDOWN x\r\n"}) {
      CAPTURE(refusal);
      for (const bool heals : {true, false}) {
        FakeCluster cluster([&](const FakeCluster& self, std::size_t, const Words&) {
          if (!heals || self.asked < 4) return Action(refusal);
          return Action("*2\r\n$1\r\na\r\n$1\r\nb\r\n");
        });
        RedisOptions options = patient(cluster.url());
        if (!heals) options.operationTimeout = milliseconds(300);
        test::run([&]() -> asio::awaitable<void> {
          auto client = co_await Client::open(options);
          const auto began = Steady::now();
          std::optional<BackingErrc> code;
          std::vector<std::optional<std::string>> found;
          const std::vector<std::string> keys = neighbours();
          try {
            found = co_await getMany(client->store("s"), keys);
          } catch (const backing::Failure& failure) {
            code = static_cast<BackingErrc>(failure.code().value());
          }
          CHECK(since(began) < options.operationTimeout + milliseconds(150));
          if (heals) {
            REQUIRE(found.size() == 2);
            CHECK(found[1] == "b");
            CHECK(cluster.asked == 4);
          } else {
            CHECK(code == BackingErrc::unavailable);
            CHECK(cluster.asked > 2);   // it was asked again,
            CHECK(cluster.asked < 40);  // with pauses
          }
          co_await client->close();
        });
      }
    }
  }

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
}

TEST_SUITE("redis later") {
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

TEST_SUITE("redis later") {
  TEST_CASE("E17: getMany of a slot that is half moved: TRYAGAIN until the other half has moved") {
    RedisCluster& cluster = sharedCluster();
    cluster.clean();
    const std::vector<std::string> keys = neighbours();
    const std::string names = redis::namesOf("persistance:", "s");
    const int slot = redis::keySlot(names + keys[0]);
    const std::string number = std::to_string(slot);
    const std::uint16_t from = cluster.ownerPort(slot);
    std::uint16_t to = cluster.ownerPort((slot + 8192) % 16384);
    if (to == from) to = cluster.ownerPort((slot + 5461) % 16384);
    const std::string source = cluster.idOf(from);
    const std::string target = cluster.idOf(to);
    const auto move = [&](const std::string& key) {
      cluster.at(from).command(
          {"MIGRATE", "127.0.0.1", std::to_string(to), names + key, "0", "1000", "REPLACE"});
    };
    const auto refusals = [&] {
      const std::string stats = cluster.at(from).command({"INFO", "errorstats"});
      const auto at = stats.find("errorstat_TRYAGAIN:count=");
      return at == std::string::npos ? 0 : std::stoi(stats.substr(at + 25));
    };
    test::run([&]() -> asio::awaitable<void> {
      RedisOptions options(cluster.urls());
      options.operationTimeout = milliseconds(10000);
      auto client = co_await Client::open(options);
      auto store = client->store("s");
      co_await set(store, keys[0], "first");
      co_await set(store, keys[1], "second");
      cluster.at(to).command({"CLUSTER", "SETSLOT", number, "IMPORTING", source});
      cluster.at(from).command({"CLUSTER", "SETSLOT", number, "MIGRATING", target});
      move(keys[0]);
      const int before = refusals();
      std::vector<std::optional<std::string>> found;
      const auto read = [&]() -> asio::awaitable<void> { found = co_await getMany(store, keys); };
      asio::co_spawn(co_await asio::this_coro::executor, read, asio::detached);
      for (const auto began = Steady::now();
           refusals() < before + 2 && since(began) < milliseconds(3000);) {
        co_await sleepFor(milliseconds(5));
      }
      CHECK(refusals() >= before + 2);
      CHECK(found.empty());
      move(keys[1]);  // now all of the slot is there: ASK
      for (const auto began = Steady::now(); found.empty() && since(began) < milliseconds(5000);) {
        co_await sleepFor(milliseconds(5));
      }
      REQUIRE(found.size() == 2);
      CHECK(found[0] == "first");
      CHECK(found[1] == "second");
      co_await client->close();
    });
    cluster.at(to).command({"CLUSTER", "SETSLOT", number, "NODE", target});
    cluster.at(from).command({"CLUSTER", "SETSLOT", number, "NODE", target});
  }
}
