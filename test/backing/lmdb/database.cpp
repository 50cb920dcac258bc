// Opening and closing.

#include "support.hpp"

#include <doctest/doctest.h>

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

TEST_SUITE("lmdb database") {
  TEST_CASE("closing writes what is queued; after it everything is closed; again does nothing") {
    Fixture f;
    f.open();
    const auto store = f.database->store("store");
    const Client client(store);
    run([&]() -> asio::awaitable<void> {
      const auto executor = co_await asio::this_coro::executor;
      int done = 0;
      const auto write = [&](int i) -> asio::awaitable<void> {
        co_await client.set("k" + std::to_string(i), "v");
        ++done;
      };
      for (int i = 0; i < 100; ++i) asio::co_spawn(executor, write(i), asio::detached);
      co_await asio::post(executor, asio::use_awaitable);
      co_await f.database->close();
      co_await f.database->close();
      CHECK(co_await codeOf(client.set("late", "v")) == BackingErrc::closed);
      CHECK(codeOfCall([&] {
              Collector sink(1);
              const std::vector<std::string> keys{"k"};
              (void)store->read(keys, sink);
            }) == BackingErrc::closed);
      while (done < 100) co_await asio::post(executor, asio::use_awaitable);
    });
    f.reopen();
    run([&]() -> asio::awaitable<void> { CHECK(co_await f.client().get("k99") == "v"); });
  }
}
