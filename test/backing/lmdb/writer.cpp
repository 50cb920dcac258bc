// Groups of writes, and the interval between commits.

#include "support.hpp"

#include <doctest/doctest.h>

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

TEST_SUITE("lmdb writer") {
  TEST_CASE("D3: one operation of a group that does not fit fails alone") {
    Fixture f;
    f.options.mapLimit = ByteSize::mebi(4);
    f.open();
    asio::io_context context;
    const Client store = f.client();
    int done = 0;
    int full = 0;
    std::vector<std::string> values;
    const auto write = [&](int i) -> asio::awaitable<void> {
      auto writing = store.set("k" + std::to_string(i), std::string(i == 50 ? 8 << 20 : 100, 'v'));
      const auto code = co_await codeOf(std::move(writing));
      if (!code) ++done;
      if (code == BackingErrc::full) ++full;
    };
    for (int i = 0; i < 100; ++i) asio::co_spawn(context, write(i), asio::detached);
    context.run_for(20s);
    CHECK(done == 99);
    CHECK(full == 1);
    run([&]() -> asio::awaitable<void> {
      for (int i = 0; i < 100; ++i)
        CHECK((co_await store.get("k" + std::to_string(i))).has_value() == (i != 50));
    });
  }

  TEST_CASE("a commit interval holds writes together, and each is durable when it completes") {
    Fixture f;
    f.options.commitInterval = 20ms;
    f.open();
    const auto start = std::chrono::steady_clock::now();
    run([&]() -> asio::awaitable<void> {
      for (int i = 0; i < 5; ++i) co_await f.client().set("k" + std::to_string(i), "v");
    });
    CHECK(std::chrono::steady_clock::now() - start >= 4 * 20ms);
    f.reopen();
    run([&]() -> asio::awaitable<void> { CHECK(co_await f.client().get("k4") == "v"); });
  }
}
