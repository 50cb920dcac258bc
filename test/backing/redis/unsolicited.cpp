#include <doctest/doctest.h>

#include "support/ask.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

TEST_SUITE("redis unsolicited") {
  TEST_CASE("E13: a reply too many is never given to the next operation") {
    FakeServer server([](const Words& command) -> Action {
      if (command[0] != "GET") return "+OK\r\n";
      const std::string value = "$1\r\n" + command[1].substr(command[1].size() - 1) + "\r\n";
      return Action(value + "$5\r\nwrong\r\n");
    });
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(optionsFor(server));
      auto store = client->store("s");
      for (const std::string key : {"a", "b", "c", "d"}) {
        auto found = co_await get(store, key);
        CHECK(found == key);
        asio::steady_timer timer(co_await asio::this_coro::executor, milliseconds(20));
        co_await timer.async_wait(asio::use_awaitable);
      }
      co_await client->close();
    });
    CHECK(server.connections() > 1);
  }

  TEST_CASE("E13: a server that talks before it is asked is not listened to") {
    FakeServer server([](const Words&) -> Action { return "$1\r\nv\r\n"; });
    server.banner = "+HELLO\r\n";
    test::run([&]() -> asio::awaitable<void> {
      std::optional<BackingErrc> code;
      try {
        auto client = co_await Client::open(optionsFor(server));
      } catch (const backing::Failure& failure) {
        code = static_cast<BackingErrc>(failure.code().value());
      }
      CHECK(code == BackingErrc::protocol);
    });
  }
}
