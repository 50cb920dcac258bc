#include <doctest/doctest.h>

#include "support/ask.hpp"
#include "support/cluster.hpp"
#include "support/outcomes.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

namespace {

/// Every way in which a value can be there or not, be expected or not, and be wanted or not.
asio::awaitable<void> checkExchanges(StorePtr store) {
  const std::vector<std::optional<std::string>> values{std::nullopt, "", "a", "b",
                                                       std::string("\0\r\n", 3)};
  for (const auto& there : values) {
    for (const auto& expected : values) {
      for (const auto& desired : values) {
        co_await store->remove("k");
        if (there) co_await set(store, "k", *there, milliseconds(100000));
        const bool done = co_await exchange(store, "k", expected, desired);
        CHECK(done == (there == expected));
        const Found found = co_await find(store, "k");
        CHECK(found.value == (done ? desired : there));
        CHECK(found.timeToLive.has_value() == (!done && there.has_value()));
      }
    }
  }
}

/// Adds one to a number, as often as it takes.
asio::awaitable<void> increment(StorePtr store, int times) {
  for (int done = 0; done < times;) {
    auto now = co_await get(store, "counter");
    const std::string next = std::to_string(now ? std::stoi(*now) + 1 : 1);
    const bool mine = co_await exchange(store, "counter", now, next);
    if (mine) ++done;
  }
}

asio::awaitable<void> incrementTogether(StorePtr store) {
  const auto executor = co_await asio::this_coro::executor;
  constexpr int workers = 8;
  int left = workers;
  for (int i = 0; i < workers; ++i) {
    asio::co_spawn(executor, increment(store, 25), [&](std::exception_ptr) { --left; });
  }
  while (left > 0) co_await sleepFor(milliseconds(1));
  auto sum = co_await get(store, "counter");
  CHECK(sum == "200");
}

}  // namespace

TEST_SUITE("redis exchange") {
  TEST_CASE("exchange: stores, replaces and removes what is as expected, and nothing else") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      co_await checkExchanges(client->store("s"));
      co_await client->close();
    });
  }

  TEST_CASE("exchange: the same in a cluster") {
    sharedCluster().clean();
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(sharedCluster().urls()));
      co_await checkExchanges(client->store("s"));
      co_await client->close();
    });
  }

  TEST_CASE("H1: eight writers that count together lose nothing") {
    RedisServer server;
    sharedCluster().clean();
    for (const RedisOptions& options :
         {RedisOptions(server.url()), RedisOptions(sharedCluster().urls())}) {
      test::run([&]() -> asio::awaitable<void> {
        auto client = co_await Client::open(options);
        co_await incrementTogether(client->store("s"));
        co_await client->close();
      });
    }
  }

  TEST_CASE("exchange: the desired value lives as long as it is told to") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("s");
      bool done = co_await exchange(store, "k", std::nullopt, "v", milliseconds(60));
      CHECK(done);
      const Found found = co_await find(store, "k");
      REQUIRE(found.timeToLive.has_value());
      CHECK(*found.timeToLive <= milliseconds(60));
      co_await sleepFor(milliseconds(70));
      done = co_await exchange(store, "k", std::nullopt, "w", milliseconds::max());
      CHECK(done);
      const Found kept = co_await find(store, "k");
      CHECK(kept.value == "w");
      co_await client->close();
    });
  }

  TEST_CASE("exchange: sent and not answered is unknownOutcome, and not sent again") {
    for (const Action::Then then : {Action::close, Action::silence}) {
      std::atomic<int> asked = 0;
      FakeServer server([&](const Words&) {
        ++asked;
        return Action("", then);
      });
      test::run([&]() -> asio::awaitable<void> {
        auto client = co_await Client::open(optionsFor(server));
        auto code = co_await failureOf(exchange(client->store("s"), "k", "v", "w"));
        CHECK(code == BackingErrc::unknownOutcome);
        CHECK(asked == 1);
        co_await client->close();
      });
    }
  }

  TEST_CASE("exchange: wrongType, outOfMemory and readOnly are the server's own") {
    RedisServer server;
    server.command({"RPUSH", "persistance:{}1:s:list", "x"});
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("s");
      auto code = co_await failureOf(exchange(store, "list", std::nullopt, "w"));
      CHECK(code == BackingErrc::wrongType);
      server.command({"CONFIG", "SET", "maxmemory", "1"});
      code = co_await failureOf(exchange(store, "k", std::nullopt, "w"));
      CHECK(code == BackingErrc::outOfMemory);
      server.command({"CONFIG", "SET", "maxmemory", "0"});
      server.command({"REPLICAOF", "127.0.0.1", "1"});
      code = co_await failureOf(exchange(store, "k", std::nullopt, "w"));
      CHECK(code == BackingErrc::readOnly);
      co_await client->close();
    });
    CHECK(server.command({"LLEN", "persistance:{}1:s:list"}) == "1");
  }

  TEST_CASE("exchange: a user without the right to GET or SET is authFailed") {
    RedisServer server;
    server.command({"ACL", "SETUSER", "ann", "on", ">p", "~*", "+ping", "+eval", "+evalsha"});
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions("unix://ann:p@" + server.socketPath()));
      auto code = co_await failureOf(exchange(client->store("s"), "k", std::nullopt, "w"));
      CHECK(code == BackingErrc::authFailed);
      co_await client->close();
    });
  }

  TEST_CASE("exchange: a value over the limit is tooLarge, and not sent") {
    RedisServer server;
    RedisOptions options(server.url());
    options.valueLimit = ByteSize(10);
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(options);
      auto store = client->store("s");
      const std::string large(11, 'x');
      auto code = co_await failureOf(exchange(store, "k", std::nullopt, large));
      CHECK(code == BackingErrc::tooLarge);
      code = co_await failureOf(exchange(store, "k", large, "v"));
      CHECK(code == BackingErrc::tooLarge);
      co_await client->close();
    });
  }
}
