#include <doctest/doctest.h>

#include "support/ask.hpp"
#include "support/memory.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;

TEST_SUITE("redis flood") {
  TEST_CASE("E12: a gigabyte without an end costs neither time nor memory") {
    const PeakMemory memory;
    for (const char* start : {"+", "-", "$", "*", ":", "$1048000\r\n"}) {
      CAPTURE(start);
      bool first = true;
      const std::string chunk(1 << 20, 'x');
      FakeServer server([&](const Words&) {
        const std::string bytes = (first ? start : "") + chunk;
        first = false;
        return Action(bytes, Action::keep, {}, 1024);
      });
      test::run([&]() -> asio::awaitable<void> {
        auto client = co_await Client::open(optionsFor(server));
        auto store = client->store("s");
        const auto read = [&]() -> asio::awaitable<void> { co_await get(store, "k"); };
        const auto began = Steady::now();
        auto code = co_await failureOf(read());
        CHECK(code == BackingErrc::protocol);
        CHECK(Steady::now() - began < soon);
        co_await client->close();
      });
    }
    CHECK(memory.grown() < (std::size_t{48} << 20) + quarantine);
  }

  TEST_CASE("E12: an array of many small arrays stays under the cap") {
    const PeakMemory memory;
    std::string bytes = "*1000\r\n";
    for (int i = 0; i < 1000; ++i) bytes += "*1000\r\n";
    const Answer answer = ask(Action(bytes), false);
    CHECK(answer.code == BackingErrc::protocol);
    CHECK(answer.took < soon);
    CHECK(memory.grown() < (std::size_t{16} << 20) + quarantine);
  }
}
