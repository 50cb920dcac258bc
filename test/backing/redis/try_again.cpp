#include <doctest/doctest.h>

#include "backing/redis/names.hpp"
#include "support/cluster.hpp"
#include "support/fake_cluster.hpp"
#include "support/outcomes.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

namespace {

/// Two keys of store "s" that share a slot.
std::vector<std::string> neighbours() {
  std::map<unsigned, std::string> seen;
  for (int i = 0;; ++i) {
    const std::string key = "n" + std::to_string(i);
    const unsigned slot =
        backing::redis::keySlot(backing::redis::namesOf("persistance:", "s") + key);
    const auto [place, added] = seen.emplace(slot, key);
    if (!added) return {place->second, key};
  }
}

}  // namespace

TEST_SUITE("redis try again") {
  TEST_CASE("E17: TRYAGAIN and CLUSTERDOWN are asked again, and unavailable at the deadline") {
    for (const std::string refusal : {"-TRYAGAIN x\r\n", "-CLUSTERDOWN x\r\n"}) {
      CAPTURE(refusal);
      for (const bool heals : {true, false}) {
        FakeCluster cluster([&](const FakeCluster& self, std::size_t, const Words&) {
          if (!heals || self.asked < 4) return Action(refusal);
          return Action("*2\r\n$1\r\na\r\n$1\r\nb\r\n");
        });
        RedisOptions options = patient(cluster.url());
        if (!heals) options.deadline = milliseconds(300);
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
          CHECK(since(began) < options.deadline + milliseconds(150));
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

  TEST_CASE("E17: getMany of a slot that is half moved: TRYAGAIN until the other half has moved") {
    RedisCluster& cluster = sharedCluster();
    cluster.clean();
    const std::vector<std::string> keys = neighbours();
    const std::string names = backing::redis::namesOf("persistance:", "s");
    const int slot = backing::redis::keySlot(names + keys[0]);
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
      options.deadline = milliseconds(10000);
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
