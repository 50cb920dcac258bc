// Groups of writes, and the interval between commits.

#include "support.hpp"

#include <doctest/doctest.h>

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

namespace {

std::size_t lastTransaction(Fixture& f) {
  return inSnapshot(f, [](MDB_txn* txn) { return mdb_txn_id(txn); });
}

}  // namespace

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

  TEST_CASE("a write completes within the commit interval and a commit, however many there are") {
    Fixture f;
    f.options.commitInterval = 1s;
    f.options.queueLimit = 20'000;
    f.open();
    run([&]() -> asio::awaitable<void> { co_await f.client().set("first", "v"); });
    asio::io_context context;
    const Client store = f.client();
    const auto start = std::chrono::steady_clock::now();
    int done = 0;
    const auto write = [&](int i) -> asio::awaitable<void> {
      co_await store.set("k" + std::to_string(i), "v");
      ++done;
    };
    for (int i = 0; i < 10'000; ++i) asio::co_spawn(context, write(i), asio::detached);
    context.run_for(60s);
    CHECK(done == 10'000);
    CHECK(std::chrono::steady_clock::now() - start < 5s);
  }

  TEST_CASE("one impossible write among a thousand costs a few commits more, not a thousand") {
    Fixture f;
    f.options.mapLimit = ByteSize::mebi(8);
    f.options.commitInterval = 300ms;  // so that all are in one group
    f.open();
    run([&]() -> asio::awaitable<void> { co_await f.client().set("first", "v"); });
    const std::size_t before = lastTransaction(f);
    asio::io_context context;
    const Client store = f.client();
    int done = 0;
    int full = 0;
    const auto write = [&](int i) -> asio::awaitable<void> {
      const std::size_t size = i == 333 ? 12 << 20 : 10;
      auto writing = store.set("k" + std::to_string(i), std::string(size, 'v'));
      const auto code = co_await codeOf(std::move(writing));
      if (!code) ++done;
      if (code == BackingErrc::full) ++full;
    };
    for (int i = 0; i < 1000; ++i) asio::co_spawn(context, write(i), asio::detached);
    context.run_for(60s);
    CHECK(done == 999);
    CHECK(full == 1);
    CHECK(lastTransaction(f) - before < 40);
  }
}
