#include <doctest/doctest.h>

#include "support/ask.hpp"
#include "support/cluster.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;

TEST_SUITE("redis remove many") {
  TEST_CASE("removeMany: those keys and no others, repeats and absent ones allowed") {
    RedisServer server;
    sharedCluster().clean();
    for (const RedisOptions& options :
         {RedisOptions(server.url()), RedisOptions(sharedCluster().urls())}) {
      test::run([&]() -> asio::awaitable<void> {
        auto client = co_await Client::open(options);
        auto store = client->store("s");
        std::vector<std::string> keys;
        for (int i = 0; i < 10000; ++i) keys.push_back("key " + std::to_string(i));
        co_await setMany(store, keys);
        co_await setMany(client->store("other"), keys);
        co_await set(store, "stays", "v");
        keys.push_back("none");
        keys.push_back(keys[7]);
        co_await store->removeMany(keys);
        std::map<std::string, int> seen;
        co_await pages(store, KeyQuery(), seen);
        CHECK(seen.size() == 1);
        CHECK(seen.contains("stays"));
        seen.clear();
        co_await pages(client->store("other"), KeyQuery(), seen);
        CHECK(seen.size() == 10000);
        co_await client->close();
      });
    }
  }

  TEST_CASE("removeMany: sent and not answered is unknownOutcome") {
    FakeServer server([](const Words&) { return Action("", Action::close); });
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(optionsFor(server));
      auto store = client->store("s");
      const std::vector<std::string> keys{"a", "b"};
      auto code = co_await failureOf(store->removeMany(keys));
      CHECK(code == BackingErrc::unknownOutcome);
      co_await client->close();
    });
  }
}
