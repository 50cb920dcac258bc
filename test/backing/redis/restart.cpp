#include <doctest/doctest.h>

#include "support/outcomes.hpp"
#include "support/server.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

TEST_SUITE("redis restart") {
  TEST_CASE("E2: kill -9 with a thousand operations under way: each ends once, none wrongly") {
    for (int round = 0; round < 5; ++round) {
      RedisServer server;
      test::run([&]() -> asio::awaitable<void> {
        auto client = co_await Client::open(RedisOptions(server.url()));
        Outcomes outcomes;
        outcomes.start(co_await asio::this_coro::executor, client->store("s"), 1000);
        for (int i = 0; i < round; ++i) co_await sleepFor(milliseconds(1));
        server.signal(SIGSTOP);
        Outcomes late;
        late.start(co_await asio::this_coro::executor, client->store("s"), 1000);
        co_await sleepFor(milliseconds(20));
        server.kill();
        co_await outcomes.end();
        co_await late.end();
        CHECK(outcomes.count["WRONG"] == 0);
        CHECK(late.count["WRONG"] == 0);
        CHECK(late.of(BackingErrc::unknownOutcome) == 500);
        CHECK(late.of(BackingErrc::unavailable) == 500);
        co_await client->close();
      });
    }
  }

  TEST_CASE("E3: five restarts: the first operation after each succeeds, no descriptor leaks") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("s");
      std::size_t files = 0;
      for (int round = 0; round < 5; ++round) {
        co_await set(store, "k", std::to_string(round));
        if (round == 0) files = openFiles();
        server.kill();
        if (round % 2 == 1) {  // long enough for the breaker to open
          for (int i = 0; i < 30; ++i) {
            static_cast<void>(co_await getFailure(store, "k"));
            co_await sleepFor(milliseconds(20));
          }
          const auto began = Steady::now();
          auto code = co_await getFailure(store, "k");
          CHECK(code == BackingErrc::unavailable);
          CHECK(since(began) < milliseconds(20));
        }
        server.start();
        co_await sleepFor(milliseconds(30));
        auto gone = co_await get(store, "k");
        CHECK_FALSE(gone.has_value());
      }
      CHECK(openFiles() == files);
      co_await client->close();
    });
  }

  TEST_CASE("E4: a stopped server: deadlines hold, the breaker opens, and it heals") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      RedisOptions options(server.url());
      options.commandTimeout = milliseconds(200);
      options.deadline = milliseconds(500);
      options.connectTimeout = milliseconds(200);
      auto client = co_await Client::open(options);
      auto store = client->store("s");
      co_await set(store, "k", "v");
      server.signal(SIGSTOP);
      auto began = Steady::now();
      auto write = co_await failureOf(set(store, "k", "w"));
      CHECK(write == BackingErrc::unknownOutcome);
      CHECK(since(began) < milliseconds(250));
      began = Steady::now();
      auto read = co_await getFailure(store, "k");
      CHECK((read == BackingErrc::timeout || read == BackingErrc::unavailable));
      CHECK(since(began) < milliseconds(550));
      co_await sleepFor(milliseconds(1500));
      began = Steady::now();
      read = co_await getFailure(store, "k");
      read = co_await getFailure(store, "k");
      CHECK(read == BackingErrc::unavailable);
      CHECK(since(began) < milliseconds(300));
      server.signal(SIGCONT);
      co_await sleepFor(milliseconds(1200));
      auto found = co_await get(store, "k");
      CHECK((found == "v" || found == "w"));
      co_await client->close();
    });
  }
}
