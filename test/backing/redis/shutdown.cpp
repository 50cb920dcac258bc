#include <doctest/doctest.h>

#include "support/outcomes.hpp"
#include "support/server.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

TEST_SUITE("redis shutdown") {
  TEST_CASE("F4: the io_context goes with operations under way: nothing is called, nothing leaks") {
    RedisServer server;
    const std::size_t files = openFiles();
    for (int round = 0; round < 20; ++round) {
      StorePtr kept;
      Outcomes outcomes;
      {
        asio::io_context context;
        const auto body = [&]() -> asio::awaitable<void> {
          auto client = co_await Client::open(RedisOptions(server.url()));
          kept = client->store("s");
          outcomes.start(context.get_executor(), kept, 100);
          co_await sleepFor(std::chrono::hours(1));
        };
        asio::co_spawn(context, body, asio::detached);
        context.run_for(milliseconds(5 + round));
      }
      if (!kept) continue;
      test::run([&]() -> asio::awaitable<void> {
        auto code = co_await getFailure(kept, "k");
        CHECK(code == BackingErrc::closed);
      });
    }
    CHECK(openFiles() == files);
  }

  TEST_CASE("F5, F6: close while operations run, twice, and with a stuck server: bounded") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      RedisOptions options(server.url());
      options.closeDeadline = milliseconds(200);
      auto client = co_await Client::open(options);
      const auto executor = co_await asio::this_coro::executor;
      Outcomes fine;
      fine.start(executor, client->store("s"), 100);
      co_await asio::post(executor, asio::use_awaitable);
      asio::co_spawn(executor, client->close(), asio::detached);
      co_await client->close();
      CHECK(fine.left == 0);
      CHECK(fine.count["WRONG"] == 0);
      auto closed = co_await getFailure(client->store("s"), "k");
      CHECK(closed == BackingErrc::closed);

      auto stuck = co_await Client::open(options);
      server.signal(SIGSTOP);
      Outcomes late;
      late.start(executor, stuck->store("s"), 100);
      co_await sleepFor(milliseconds(10));
      const auto began = Steady::now();
      co_await stuck->close();
      CHECK(since(began) < milliseconds(600));
      CHECK(late.left == 0);
      CHECK(late.of(BackingErrc::unknownOutcome) == 50);
      server.signal(SIGCONT);
    });
  }
}
