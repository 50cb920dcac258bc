#include <doctest/doctest.h>

#include "support/outcomes.hpp"
#include "support/server.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

TEST_SUITE("redis start") {
  TEST_CASE("E1: server down at start: the build fails fast, or starts degraded and heals") {
    RedisServer server;
    server.kill();
    test::run([&]() -> asio::awaitable<void> {
      const auto began = Steady::now();
      auto code = co_await openFailure(RedisOptions(server.url()), nullptr);
      CHECK(code == BackingErrc::unavailable);
      CHECK(since(began) < milliseconds(1000));
      RedisOptions options(server.url());
      options.start = RedisStart::degraded;
      auto client = co_await Client::open(options);
      auto store = client->store("s");
      auto down = co_await getFailure(store, "k");
      CHECK(down == BackingErrc::unavailable);
      server.start();
      co_await sleepFor(milliseconds(30));
      co_await set(store, "k", "v");
      auto found = co_await get(store, "k");
      CHECK(found == "v");
      co_await client->close();
    });
  }

  TEST_CASE("E19: dead seeds are passed over; a server that is no cluster is said to be none") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      const std::string dead = "redis://127.0.0.1:" + std::to_string(freePort());
      const std::string dead2 = "redis://127.0.0.1:" + std::to_string(freePort());
      const std::vector<std::string> some{dead, dead2, server.url()};
      auto client = co_await Client::open(RedisOptions(some));
      co_await set(client->store("s"), "k", "v");
      co_await client->close();
      const std::vector<std::string> none{dead, dead2};
      auto code = co_await openFailure(RedisOptions(none), nullptr);
      CHECK(code == BackingErrc::unavailable);
      RedisOptions cluster(server.url());
      cluster.topology = RedisTopology::cluster;
      std::string said;
      code = co_await openFailure(cluster, &said);
      CHECK(code == BackingErrc::protocol);
      CHECK(said.find("no cluster") != std::string::npos);
    });
  }
}
