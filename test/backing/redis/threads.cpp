#include <doctest/doctest.h>

#include <asio/use_future.hpp>

#include "support/outcomes.hpp"
#include "support/server.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;

TEST_SUITE("redis threads") {
  TEST_CASE("H1: many threads and contexts on one client: every reply to its own operation") {
    RedisServer server;
    RedisOptions options(server.url());
    options.connectionsPerNode = 2;
    asio::io_context home;
    auto work = asio::make_work_guard(home);
    std::vector<std::thread> crew;
    for (int i = 0; i < 2; ++i) crew.emplace_back([&] { home.run(); });
    auto client = asio::co_spawn(home, Client::open(options), asio::use_future).get();
    std::atomic<int> wrong = 0;
    std::vector<std::thread> callers;
    for (int t = 0; t < 4; ++t) {
      callers.emplace_back([&, t] {
        const auto body = [&]() -> asio::awaitable<void> {
          auto store = client->store("s");
          for (int i = 0; i < 200; ++i) {
            const std::string key = std::to_string(t) + "/" + std::to_string(i % 10);
            co_await set(store, key, key + "=" + std::to_string(i));
            auto found = co_await get(store, key);
            if (found != key + "=" + std::to_string(i)) ++wrong;
          }
        };
        test::run(body, std::chrono::seconds(20), 2);
      });
    }
    for (std::thread& caller : callers) caller.join();
    CHECK(wrong == 0);
    asio::co_spawn(home, client->close(), asio::use_future).get();
    work.reset();
    for (std::thread& thread : crew) thread.join();
  }
}
