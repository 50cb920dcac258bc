// The byte contract on LMDB, end to end; what all backings share is in the contract suite.

#include <doctest/doctest.h>

#include <thread>

#include "support.hpp"
#include "support/step_cancel.hpp"

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

  TEST_CASE("B1 B2 B3 B4 B5: keys are bytes of 0 to 65536, and each is its own") {
    Fixture f;
    f.open();
    std::vector<std::string> keys{"",
                                  std::string(1, '\0'),
                                  std::string("a\0b", 3),
                                  "a",
                                  "\r\nSET x y\r\n",
                                  "\xff\xfe",
                                  "../../etc/passwd",
                                  "/",
                                  "\\",
                                  "*",
                                  "{x}{y}"};
    for (const std::size_t size :
         {1u, 493u, 494u, 495u, 510u, 511u, 512u, 513u, 4096u, 65535u, 65536u}) {
      keys.push_back(std::string(size, 'k'));
      keys.push_back(std::string(size - 1, 'k') + "l");
    }
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      for (std::size_t i = 0; i < keys.size(); ++i) co_await store.set(keys[i], std::to_string(i));
      Values values = co_await store.getMany(keys);
      for (std::size_t i = 0; i < keys.size(); ++i) CHECK(values[i] == std::to_string(i));
      for (std::size_t i = 0; i < keys.size(); i += 2) co_await store.remove(keys[i]);
      values = co_await store.getMany(keys);
      for (std::size_t i = 0; i < keys.size(); ++i) CHECK(values[i].has_value() == (i % 2 == 1));
      const std::string tooLong(65537, 'k');
      CHECK(co_await codeOf(store.set(tooLong, "v")) == BackingErrc::tooLarge);
      CHECK(co_await codeOf(store.remove(tooLong)) == BackingErrc::tooLarge);
    });
  }

  TEST_CASE("long keys of one digest stay apart") {
    Fixture f;
    f.internals.digest = [](std::string_view, std::uint64_t) { return lmdb::Digest{}; };
    f.open();
    std::vector<std::string> keys;
    for (char c = 'a'; c <= 'h'; ++c) keys.push_back(std::string(600, c));
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      for (const std::string& key : keys) co_await store.set(key, key.substr(0, 1));
      for (const std::string& key : keys) CHECK(co_await store.get(key) == key.substr(0, 1));
      co_await store.remove(keys[2]);
      co_await store.set(keys[3], "new");
      co_await store.set(keys[2], "back", 50ms);
      CHECK(co_await store.get(keys[2]) == "back");
      CHECK(co_await store.get(keys[3]) == "new");
      CHECK(co_await store.get(keys[7]) == "h");
      CHECK(co_await store.get(std::string(600, 'z')) == std::nullopt);
    });
  }

  TEST_CASE("B8: stores are apart, whatever their ids; clear empties one of them") {
    Fixture f;
    f.open();
    const std::vector<std::string> ids{"",
                                       "a",
                                       "a:b",
                                       "ab",
                                       std::string("a\0", 2),
                                       "*",
                                       "{a}",
                                       std::string(600, 's'),
                                       std::string(600, 's') + "t"};
    run([&]() -> asio::awaitable<void> {
      for (const std::string& id : ids) {
        co_await f.client(id).set("b:c", id);
        co_await f.client(id).set("c", id);
        co_await f.client(id).set(std::string(600, 'k'), id, 1h);
      }
      co_await f.client("a").clear();
      co_await f.client("never used").clear();
      for (const std::string& id : ids) {
        const bool cleared = id == "a";
        CHECK((co_await f.client(id).get("b:c") == id) == !cleared);
        CHECK((co_await f.client(id).get(std::string(600, 'k'))).has_value() == !cleared);
      }
      co_await f.client("a").set("c", "again");
      CHECK(co_await f.client("a").get("c") == "again");
      CHECK(co_await f.client("a").get("b:c") == std::nullopt);
    });
    CHECK(f.database->store("a") == f.database->store("a"));
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

  TEST_CASE("removeIfUnchanged leaves a newer value alone") {
    Fixture f;
    f.open();
    run([&]() -> asio::awaitable<void> {
      const auto store = f.database->store("store");
      const Client client(store);
      const Unknown old = bytesOf("old");
      for (const std::size_t size : {5U, 1000U}) {
        const std::string key(size, 'k');
        co_await client.set(key, "new");
        auto removing = store->removeIfUnchanged(key, old.bytes());
        co_await std::move(removing);
        CHECK(co_await client.get(key) == "new");
        const Unknown same = bytesOf("new");
        removing = store->removeIfUnchanged(key, same.bytes());
        co_await std::move(removing);
        CHECK(co_await client.get(key) == std::nullopt);
        removing = store->removeIfUnchanged(key, same.bytes());
        co_await std::move(removing);
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
