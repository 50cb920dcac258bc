// How the data file grows, and what happens at its limit.

#include "backing/lmdb/growth.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

TEST_SUITE("lmdb growth") {
  TEST_CASE("D2: the map grows by itself while readers read, and nothing is lost") {
    Fixture f;
    f.internals.firstMap = 256 << 10;
    f.open();
    const auto before = std::filesystem::file_size(f.directory.data());
    std::atomic<bool> stop = false;
    std::vector<std::thread> readers;
    std::atomic<int> wrong = 0;
    for (int r = 0; r < 3; ++r)
      readers.emplace_back([&] {
        while (!stop) {
          run([&]() -> asio::awaitable<void> {
            const Client store = f.client();
            for (int i = 0; i < 200; ++i) {
              const auto value = co_await store.get("k" + std::to_string(i));
              if (value && *value != std::string(20000, static_cast<char>('a' + i % 26))) ++wrong;
            }
          });
        }
      });
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      for (int i = 0; i < 200; ++i)
        co_await store.set("k" + std::to_string(i),
                           std::string(20000, static_cast<char>('a' + i % 26)));
    });
    stop = true;
    for (std::thread& reader : readers) reader.join();
    CHECK(wrong == 0);
    CHECK(std::filesystem::file_size(f.directory.data()) > 8 * before);
    f.reopen();
    run([&]() -> asio::awaitable<void> {
      for (int i = 0; i < 200; ++i)
        CHECK((co_await f.client().get("k" + std::to_string(i))).has_value());
    });
  }

  TEST_CASE("how large a full file becomes") {
    using lmdb::grownFile;
    constexpr std::uint64_t mebi = 1 << 20;
    CHECK(grownFile(mebi, 0, 1024 * mebi) == 2 * mebi);
    CHECK(grownFile(64 * mebi, 0, 1024 * mebi) == 80 * mebi);
    CHECK(grownFile(mebi, 10 * mebi, 1024 * mebi) >= 16 * mebi);
    CHECK(grownFile(mebi, 10 * mebi, 3 * mebi) == 3 * mebi);
    CHECK(grownFile(4 * mebi, 0, 3 * mebi) == 4 * mebi);
  }

  TEST_CASE("D2 D1: at the limit a write is full; what was written stays; removing makes room") {
    Fixture f;
    f.internals.firstMap = 256 << 10;
    f.options.mapLimit = ByteSize::mebi(2);
    f.open();
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      int written = 0;
      std::optional<BackingErrc> code;
      while (!code) {
        auto writing = store.set("k" + std::to_string(written), std::string(10000, 'v'));
        code = co_await codeOf(std::move(writing));
        if (!code) ++written;
      }
      CHECK(code == BackingErrc::full);
      CHECK(written > 50);
      for (int i = 0; i < written; ++i)
        CHECK((co_await store.get("k" + std::to_string(i))).has_value());
      CHECK_FALSE((co_await store.get("k" + std::to_string(written))).has_value());
      for (int i = 0; i < written; i += 2) co_await store.remove("k" + std::to_string(i));
      co_await store.set("again", std::string(10000, 'v'));
      CHECK((co_await store.get("again")).has_value());
      co_await store.clear();
      co_await store.set("again", std::string(10000, 'v'));
    });
  }

  TEST_CASE("setMany is all or nothing, also where it does not fit") {
    Fixture f;
    f.options.mapLimit = ByteSize::mebi(2);
    f.open();
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      co_await store.set("a", "old");
      std::vector<Entry> entries;
      entries.push_back(entry("a", "new"));
      entries.push_back(entry("b", "new"));
      entries.push_back(entry("c", std::string(3 << 20, 'v')));
      CHECK(co_await codeOf(store.setMany(std::move(entries))) == BackingErrc::full);
      CHECK(co_await store.get("a") == "old");
      CHECK(co_await store.get("b") == std::nullopt);
    });
  }

  TEST_CASE("D14: overwriting one key 20,000 times does not grow the file") {
    Fixture f;
    f.open();
    run([&]() -> asio::awaitable<void> {
      const auto executor = co_await asio::this_coro::executor;
      for (int batch = 0; batch < 40; ++batch) {
        std::vector<Entry> entries;
        for (int i = 0; i < 500; ++i)
          entries.push_back(
              entry("k" + std::to_string(i % 50 + i / 50 * 100), std::string(100, 'v')));
        co_await f.client().setMany(std::move(entries));
      }
    });
    CHECK(std::filesystem::file_size(f.directory.data()) == 1 << 20);
  }

  TEST_CASE("the file grows by what is needed") {
    Fixture f;
    f.open();
    constexpr int count = 300'000;
    run(
        [&]() -> asio::awaitable<void> {
          std::vector<Entry> entries;
          for (int i = 0; i < count; ++i)
            entries.push_back(entry("k" + std::to_string(i), std::string(110, 'v')));
          co_await f.client().setMany(std::move(entries));
        },
        120s);
    CHECK(std::filesystem::file_size(f.directory.data()) < std::uintmax_t{150} << 20);
  }
}
