#include <doctest/doctest.h>

#include <asio/use_future.hpp>

#include "support/outcomes.hpp"
#include "support/server.hpp"
#include "support/step_cancel.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

TEST_SUITE("redis cancel") {
  TEST_CASE("F1: every operation cancelled at every step, on one client: the next one is fine") {
    RedisServer server;
    std::size_t points = 0;
    struct Case {
      const char* name;
      std::function<asio::awaitable<void>(StorePtr)> body;
    };
    const auto getOne = [](StorePtr store) -> asio::awaitable<void> { co_await get(store, "a"); };
    const auto getAll = [](StorePtr store) -> asio::awaitable<void> {
      std::vector<std::string> keys{"a", "b"};
      co_await getMany(store, keys);
    };
    const auto setOne = [](StorePtr store) -> asio::awaitable<void> {
      co_await set(store, "a", "a");
    };
    const auto clearAll = [](StorePtr store) -> asio::awaitable<void> { co_await store->clear(); };
    const auto removeOne = [](StorePtr store) -> asio::awaitable<void> {
      co_await remove(store, "a");
    };
    const auto exchangeOne = [](StorePtr store) -> asio::awaitable<void> {
      static_cast<void>(co_await exchange(store, "a", "a", "a"));
    };
    const auto findOne = [](StorePtr store) -> asio::awaitable<void> {
      static_cast<void>(co_await find(store, "a"));
    };
    const auto removeAll = [](StorePtr store) -> asio::awaitable<void> {
      const std::vector<std::string> keys{"a", "c"};
      co_await store->removeMany(keys);
    };
    const auto listAll = [](StorePtr store) -> asio::awaitable<void> {
      std::map<std::string, int> seen;
      co_await pages(store, KeyQuery().limit(1), seen);
    };
    for (const Case& each :
         {Case{"get", getOne}, Case{"getMany", getAll}, Case{"set", setOne},
          Case{"remove", removeOne}, Case{"clear", clearAll}, Case{"exchange", exchangeOne},
          Case{"find", findOne}, Case{"removeMany", removeAll}, Case{"keys", listAll}}) {
      CAPTURE(each.name);
      // The client lives in a context of its own, which the cancelled coroutine's one is not.
      asio::io_context home;
      auto work = asio::make_work_guard(home);
      std::thread thread([&] { home.run(); });
      std::shared_ptr<Client> client;
      auto opened =
          asio::co_spawn(home, Client::open(RedisOptions(server.url())), asio::use_future);
      client = opened.get();
      auto store = client->store("s");
      const StepCancel result = cancelAtEachStep([&] { return each.body(store); },
                                                 [&](test::Outcome) {
                                                   test::run([&]() -> asio::awaitable<void> {
                                                     co_await set(store, "b", "b");
                                                     auto found = co_await get(store, "b");
                                                     CHECK(found == "b");
                                                   });
                                                 });
      CHECK(result.points > 0);
      points += result.points;
      asio::co_spawn(home, client->close(), asio::use_future).get();
      work.reset();
      thread.join();
    }
    MESSAGE("cancellation points: " << points);
  }

  TEST_CASE("cancelled in flight: the late reply is drained, and nobody else's") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("s");
      const auto executor = co_await asio::this_coro::executor;
      for (int i = 0; i < 64; ++i)
        co_await set(store, "k" + std::to_string(i), "k" + std::to_string(i));
      for (int round = 0; round < 50; ++round) {
        std::vector<std::unique_ptr<asio::cancellation_signal>> signals;
        int left = 64;
        int wrong = 0;
        const auto one = [&](int i) -> asio::awaitable<void> {
          const std::string key = "k" + std::to_string(i);
          auto found = co_await get(store, key);
          if (found != key) ++wrong;
        };
        for (int i = 0; i < 64; ++i) {
          signals.push_back(std::make_unique<asio::cancellation_signal>());
          asio::co_spawn(executor, one(i),
                         asio::bind_cancellation_slot(signals.back()->slot(),
                                                      [&](std::exception_ptr) { --left; }));
        }
        for (int i = 0; i < round % 7; ++i) co_await asio::post(executor, asio::use_awaitable);
        for (int i = 0; i < 64; i += 3)
          signals[static_cast<std::size_t>(i)]->emit(asio::cancellation_type::terminal);
        while (left > 0) co_await sleepFor(milliseconds(1));
        CHECK(wrong == 0);
      }
      co_await client->close();
    });
  }
}
