// Threads that read ahead.

#include "support.hpp"
#include "support/step_cancel.hpp"

#include <doctest/doctest.h>

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

TEST_SUITE("lmdb prefetcher") {
  TEST_CASE("with threads that read ahead, the answers are the same") {
    Fixture f;
    f.options.readThreads = 2;
    f.open();
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      co_await store.set("k", "v");
      co_await store.set("l", std::string(100000, 'l'));
      const std::vector<std::string> keys{"l", "none", "k"};
      for (int i = 0; i < 100; ++i) {
        const Values values = co_await store.getMany(keys);
        CHECK(values[0] == std::string(100000, 'l'));
        CHECK_FALSE(values[1].has_value());
        CHECK(values[2] == "v");
      }
      CHECK(co_await codeOf(store.remove(std::string(65537, 'k'))) == BackingErrc::tooLarge);
    });
    CHECK(cancelAtEachStep([&]() -> asio::awaitable<void> {
            (void)co_await f.client().get("k");
          }).points >= 1);
    {
      asio::io_context context;
      for (int i = 0; i < 100; ++i) asio::co_spawn(context, f.client().get("l"), asio::detached);
      context.poll();
    }
    const auto store = f.database->store("store");
    run([&]() -> asio::awaitable<void> {
      co_await f.database->close();
      auto reading = Client(store).get("k");
      std::optional<BackingErrc> code;
      try {
        (void)co_await std::move(reading);
      } catch (const Failure& failure) {
        code = static_cast<BackingErrc>(failure.code().value());
      }
      CHECK(code == BackingErrc::closed);
    });
  }
}
