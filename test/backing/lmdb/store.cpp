// The operations of a store on LMDB; what all backings share is in the contract suite.

#include "support.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

TEST_SUITE("lmdb store") {
  TEST_CASE("what was written is there, also after it was opened anew") {
    Fixture f;
    f.open();
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      CHECK(co_await store.get("k") == std::nullopt);
      co_await store.set("k", "v1");
      co_await store.set("k", "v2");
      co_await store.set("gone", "x");
      co_await store.remove("gone");
      co_await store.remove("never was");
      CHECK(co_await store.get("k") == "v2");
    });
    f.reopen();
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      CHECK(co_await store.get("k") == "v2");
      CHECK(co_await store.get("gone") == std::nullopt);
    });
  }

  TEST_CASE("a read is done at the call, without a suspension") {
    Fixture f;
    f.open();
    run([&]() -> asio::awaitable<void> { co_await f.client().set("k", "v"); });
    Collector sink(1);
    const std::vector<std::string> keys{"k"};
    CHECK_FALSE(f.database->store("store")->read(keys, sink).valid());
    CHECK(sink.values.front() == "v");
  }

  TEST_CASE("a time to live is absolute, goes with its value, and outlives a restart") {
    Fixture f;
    f.open();
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      co_await store.set("short", "x", 10s);
      co_await store.set("replaced", "x", 10s);
      co_await store.set("replaced", "y");
      co_await store.set("lives", "x", std::chrono::milliseconds::max());
    });
    *f.now += 9'999;
    f.reopen();
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      CHECK(co_await store.get("short") == "x");
      *f.now += 1;
      CHECK(co_await store.get("short") == std::nullopt);
      CHECK(co_await store.get("replaced") == "y");
      CHECK(co_await store.get("lives") == "x");
      co_await store.set("short", "anew");
      CHECK(co_await store.get("short") == "anew");
    });
  }

  TEST_CASE("values of nothing and of a mebibyte; one over the limit is refused and does no harm") {
    Fixture f;
    f.options.valueLimit = ByteSize::mebi(1);
    f.open();
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      const std::string large(1 << 20, 'v');
      co_await store.set("empty", "");
      co_await store.set("large", large);
      CHECK(co_await codeOf(store.set("large", large + "v")) == BackingErrc::tooLarge);
      CHECK(co_await store.get("empty") == "");
      CHECK(co_await store.get("large") == large);
    });
  }

  TEST_CASE("getMany answers each position, in one snapshot") {
    Fixture f;
    f.open();
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      std::vector<Entry> entries;
      entries.push_back(entry("a", "1"));
      entries.push_back(entry("b", "2"));
      co_await store.setMany(std::move(entries));
      const std::vector<std::string> keys{"b", "none", "a", "b"};
      const Values expected{"2", std::nullopt, "1", "2"};
      CHECK(co_await store.getMany(keys) == expected);
    });
  }

  TEST_CASE("exchange leaves a newer value alone") {
    Fixture f;
    f.open();
    run([&]() -> asio::awaitable<void> {
      const auto store = f.database->store("store");
      const Client client(store);
      const auto removed = [&](const std::string& key,
                               const char* expected) -> asio::awaitable<bool> {
        backing::Exchange removal(key, bytesOf(expected), std::nullopt);
        auto pending = store->exchange(removal);
        if (pending.valid()) co_await std::move(pending);
        co_return removal.done;
      };
      for (const std::size_t size : {5U, 1000U}) {
        const std::string key(size, 'k');
        co_await client.set(key, "new");
        CHECK_FALSE(co_await removed(key, "old"));
        CHECK(co_await client.get(key) == "new");
        CHECK(co_await removed(key, "new"));
        CHECK(co_await client.get(key) == std::nullopt);
        CHECK_FALSE(co_await removed(key, "new"));
      }
    });
  }

  TEST_CASE("writes of one caller are applied in order, and of many callers all") {
    Fixture f;
    f.open();
    const auto writer = [&](int id) -> asio::awaitable<void> {
      const Client store = f.client();
      for (int i = 0; i < 50; ++i) co_await store.set("k" + std::to_string(id), std::to_string(i));
    };
    asio::io_context context;
    for (int id = 0; id < 16; ++id) asio::co_spawn(context, writer(id), asio::detached);
    std::vector<std::thread> crew;
    for (int i = 0; i < 3; ++i) crew.emplace_back([&] { context.run_for(30s); });
    for (std::thread& thread : crew) thread.join();
    run([&]() -> asio::awaitable<void> {
      for (int id = 0; id < 16; ++id)
        CHECK(co_await f.client().get("k" + std::to_string(id)) == "49");
    });
  }

  TEST_CASE("what was initiated in an order is applied in that order") {
    Fixture f;
    f.open();
    asio::io_context context;
    const Client store = f.client();
    for (int i = 0; i < 200; ++i)
      asio::co_spawn(context, store.set("k", std::to_string(i)), asio::detached);
    context.run_for(30s);
    run([&]() -> asio::awaitable<void> { CHECK(co_await store.get("k") == "199"); });
  }

  TEST_CASE("a sink that throws ends the read, and the store goes on") {
    struct Thrower final : backing::Sink {
      void found(std::size_t, std::span<const std::byte>) override { throw std::domain_error("x"); }
    };
    Fixture f;
    f.options.concurrentReads = 1;
    f.open();
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      co_await store.set("k", "v");
      const std::vector<std::string> keys{"k"};
      Thrower sink;
      for (int i = 0; i < 3; ++i)
        CHECK_THROWS_AS((void)f.database->store("store")->read(keys, sink), std::domain_error);
      CHECK(co_await store.get("k") == "v");
    });
  }
}
