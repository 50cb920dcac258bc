#include <doctest/doctest.h>

#include "support/ask.hpp"
#include "support/cluster.hpp"
#include "support/outcomes.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

namespace {

asio::awaitable<void> checkFound(StorePtr store) {
  Found found = co_await find(store, "none");
  CHECK_FALSE(found.value.has_value());
  CHECK_FALSE(found.timeToLive.has_value());
  co_await set(store, "ever", "v");
  found = co_await find(store, "ever");
  CHECK(found.value == "v");
  CHECK_FALSE(found.timeToLive.has_value());
  co_await set(store, "mortal", "", milliseconds(5000));
  found = co_await find(store, "mortal");
  CHECK(found.value == "");
  REQUIRE(found.timeToLive.has_value());
  CHECK(*found.timeToLive > milliseconds(0));
  CHECK(*found.timeToLive <= milliseconds(5000));
}

}  // namespace

TEST_SUITE("redis find") {
  TEST_CASE("find: the value, and what is left of its time to live") {
    RedisServer server;
    sharedCluster().clean();
    for (const RedisOptions& options :
         {RedisOptions(server.url()), RedisOptions(sharedCluster().urls())}) {
      test::run([&]() -> asio::awaitable<void> {
        auto client = co_await Client::open(options);
        co_await checkFound(client->store("s"));
        co_await client->close();
      });
    }
  }

  TEST_CASE("find: what is left is never zero, to the last millisecond") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("s");
      co_await set(store, "k", "v", milliseconds(30));
      for (;;) {
        const Found found = co_await find(store, "k");
        if (!found.value) break;
        REQUIRE(found.timeToLive.has_value());
        CHECK(*found.timeToLive >= milliseconds(1));
      }
      co_await client->close();
    });
  }

  TEST_CASE("find: value and time to live are of one moment") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto other = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("s");
      co_await set(store, "k", "ever");
      bool stop = false;
      const auto change = [&]() -> asio::awaitable<void> {
        while (!stop) {
          co_await set(other->store("s"), "k", "mortal", milliseconds(60000));
          co_await set(other->store("s"), "k", "ever");
        }
      };
      asio::co_spawn(co_await asio::this_coro::executor, change, asio::detached);
      for (int i = 0; i < 3000; ++i) {
        const Found found = co_await find(store, "k");
        const bool agree = found.timeToLive.has_value() == (found.value == "mortal");
        if (!agree) FAIL("the value is another one than the time to live belongs to");
      }
      stop = true;
      co_await client->close();
      co_await other->close();
    });
  }

  TEST_CASE("find: a list is wrongType, and an answer of another shape is protocol") {
    RedisServer server;
    server.command({"RPUSH", "persistance:{}1:s:k", "x"});
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto code = co_await failureOf(find(client->store("s"), "k"));
      CHECK(code == BackingErrc::wrongType);
      co_await client->close();
    });
    for (const char* reply : {"*0\r\n", "*1\r\n$1\r\nv\r\n", "*2\r\n$1\r\nv\r\n$1\r\n1\r\n",
                              "*2\r\n:1\r\n:1\r\n", "*3\r\n$1\r\nv\r\n:1\r\n:1\r\n", "$-1\r\n"}) {
      CAPTURE(reply);
      FakeServer fake([&](const Words&) { return reply; });
      test::run([&]() -> asio::awaitable<void> {
        auto client = co_await Client::open(optionsFor(fake));
        auto code = co_await failureOf(find(client->store("s"), "k"));
        CHECK(code == BackingErrc::protocol);
        co_await client->close();
      });
    }
  }
}
