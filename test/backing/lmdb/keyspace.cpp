// Keys and stores of all sizes, each its own.

#include "support.hpp"

#include <doctest/doctest.h>

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

TEST_SUITE("lmdb keyspace") {
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
}
