#include <doctest/doctest.h>

#include <random>

#include "support/ask.hpp"
#include "support/cluster.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;

namespace {

std::vector<std::string> numberedKeys(const std::string& head, int count) {
  std::vector<std::string> keys;
  for (int i = 0; i < count; ++i) keys.push_back(head + std::to_string(i));
  return keys;
}

/// Pages of one size, while other keys come and go between them.
asio::awaitable<void> pagesWhileOthersChange(StorePtr store, std::size_t limit, int stays) {
  std::map<std::string, int> seen;
  KeyQuery query;
  query.limit(limit);
  int round = 0;
  do {
    const std::string come = "come " + std::to_string(round) + " ";
    const std::string gone = "come " + std::to_string(round - 2) + " ";
    co_await setMany(store, numberedKeys(come, 20));
    const std::vector<std::string> old = numberedKeys(gone, 20);
    co_await store->removeMany(old);
    auto next = co_await page(store, query, seen);
    query.after(std::move(next));
    ++round;
  } while (query.after());
  int missed = 0;
  for (int i = 0; i < stays; ++i) missed += seen.contains("stays " + std::to_string(i)) ? 0 : 1;
  CHECK(missed == 0);
}

asio::awaitable<std::vector<std::string>> sortedKeys(StorePtr store, KeyQuery query) {
  std::map<std::string, int> seen;
  co_await pages(store, query, seen);
  std::vector<std::string> keys;
  for (const auto& [key, times] : seen) keys.push_back(key);
  co_return keys;
}

/// One page after `next`, or an error; never anything else.
asio::awaitable<std::string> pageAfter(StorePtr store, std::string next) {
  KeyQuery query;
  query.limit(10).after(next);
  std::string came = "a page";
  try {
    KeyPage page;
    co_await store->keys(query, page);
  } catch (const backing::Failure& failure) {
    came = failure.code().message();
  }
  co_return came;
}

}  // namespace

TEST_SUITE("redis keys") {
  TEST_CASE("keys: 10,000 in pages of odd sizes, while others come and go") {
    RedisServer server;
    test::run(
        [&]() -> asio::awaitable<void> {
          auto client = co_await Client::open(RedisOptions(server.url()));
          auto store = client->store("s");
          co_await setMany(store, numberedKeys("stays ", 10000));
          co_await setMany(client->store("other"), numberedKeys("stays ", 3000));
          for (const std::size_t limit : {17U, 333U, 1000U, 4999U, 100000U}) {
            CAPTURE(limit);
            co_await pagesWhileOthersChange(store, limit, 10000);
          }
          co_await client->close();
        },
        std::chrono::seconds(120));
  }

  TEST_CASE("keys: one key a page, two and three") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("s");
      co_await setMany(store, numberedKeys("stays ", 500));
      for (const std::size_t limit : {1U, 2U, 3U}) {
        CAPTURE(limit);
        std::map<std::string, int> seen;
        co_await pages(store, KeyQuery().prefix("stays ").limit(limit), seen);
        CHECK(seen.size() == 500);
        co_await pagesWhileOthersChange(store, limit, 500);
      }
      co_await client->close();
    });
  }

  TEST_CASE("keys: the same in a cluster") {
    sharedCluster().clean();
    test::run(
        [&]() -> asio::awaitable<void> {
          auto client = co_await Client::open(RedisOptions(sharedCluster().urls()));
          auto store = client->store("s");
          co_await setMany(store, numberedKeys("stays ", 3000));
          for (const std::size_t limit : {13U, 1000U}) {
            CAPTURE(limit);
            co_await pagesWhileOthersChange(store, limit, 3000);
          }
          co_await client->close();
        },
        std::chrono::seconds(60));
  }

  TEST_CASE("B6: a prefix is bytes, and no pattern") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("s");
      const std::vector<std::string> all{"a*b", "axb", "a?b", "[a]", "a", "\\*", "\\", "^a", "a-b"};
      co_await setMany(store, all);
      for (const std::string prefix : {"a*", "a?", "[a", "[a]", "\\", "\\*", "^", "*", "?", "["}) {
        CAPTURE(prefix);
        std::vector<std::string> expected;
        for (const std::string& key : all) {
          if (key.starts_with(prefix)) expected.push_back(key);
        }
        std::sort(expected.begin(), expected.end());
        auto found = co_await sortedKeys(store, KeyQuery().prefix(prefix));
        CHECK((found == expected));
      }
      auto found = co_await sortedKeys(store, KeyQuery().prefix(""));
      CHECK(found.size() == all.size());
      co_await client->close();
    });
  }

  TEST_CASE("B3: keys that are any bytes, and the empty one") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("a*");
      std::vector<std::string> all{"", std::string("\0", 1), "\r\n", "\xff\xfe", "a:b", "{}", "/"};
      for (int i = 0; i < 40; ++i) all.push_back(std::string(1, '\0') + std::string(1, char(i)));
      co_await setMany(store, all);
      co_await setMany(client->store("ab"), all);
      std::sort(all.begin(), all.end());
      all.erase(std::unique(all.begin(), all.end()), all.end());
      for (const std::size_t limit : {1U, 1000U}) {
        auto found = co_await sortedKeys(store, KeyQuery().limit(limit));
        CHECK((found == all));
      }
      auto found = co_await sortedKeys(store, KeyQuery().prefix(std::string("\0", 1)).limit(3));
      CHECK(found.size() == 41);
      co_await client->close();
    });
  }

  TEST_CASE("keys: none are one empty page, and expired ones are not there") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("s");
      KeyPage page;
      co_await store->keys(KeyQuery(), page);
      CHECK(page.keys.empty());
      CHECK_FALSE(page.next.has_value());
      server.command({"DEBUG", "SET-ACTIVE-EXPIRE", "0"});
      co_await set(store, "k", "v", std::chrono::milliseconds(1));
      co_await sleepFor(std::chrono::milliseconds(5));
      co_await store->keys(KeyQuery(), page);
      CHECK(page.keys.empty());
      co_await client->close();
    });
  }

  TEST_CASE("keys: what is no `next` is protocol, and no crash, whatever it is") {
    RedisServer server;
    std::minstd_rand random(20);
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("s");
      co_await setMany(store, numberedKeys("k", 100));
      for (const std::string wrong :
           {"", "x", "0-16384/", "5-4/", "/ /", "//0//0", "//zz/0/0-16383//0", "/////////",
            "//00/0/0-16383//0/1/a", "//00/0///7", "//00/0/0-16383//99999999999999999999"}) {
        CAPTURE(wrong);
        const std::string came = co_await pageAfter(store, wrong);
        CHECK(came == make_error_code(BackingErrc::protocol).message());
      }
      KeyPage page;
      co_await store->keys(KeyQuery().limit(1), page);
      REQUIRE(page.next.has_value());
      for (int i = 0; i < 2000; ++i) {
        std::string wrong = *page.next;
        if (i % 2 == 0) wrong.resize(random() % wrong.size());
        for (std::size_t n = 0; n < 3 && !wrong.empty(); ++n) {
          wrong[random() % wrong.size()] = "0123456789abcdef/,-\xff"[random() % 20];
        }
        const std::string came = co_await pageAfter(store, wrong);
        const bool fits =
            came == "a page" || came == make_error_code(BackingErrc::protocol).message();
        if (!fits) FAIL(came);
      }
      co_await client->close();
    });
  }

  TEST_CASE("keys: a server that gives what is no page is protocol") {
    for (const char* reply : {"*0\r\n", "*2\r\n$1\r\n0\r\n$1\r\nk\r\n", "*2\r\n$1\r\nx\r\n*0\r\n",
                              "*3\r\n$1\r\n0\r\n*0\r\n:1\r\n", "*1\r\n*0\r\n"}) {
      CAPTURE(reply);
      FakeServer fake([&](const Words& command) -> Action {
        if (command[0] == "INFO") return "$0\r\n\r\n";
        return reply;
      });
      test::run([&]() -> asio::awaitable<void> {
        auto client = co_await Client::open(optionsFor(fake));
        KeyPage page;
        auto code = co_await failureOf(client->store("s")->keys(KeyQuery(), page));
        CHECK(code == BackingErrc::protocol);
        co_await client->close();
      });
    }
  }

  TEST_CASE("keys: a user who may not ask who answers has all keys") {
    RedisServer server;
    server.command({"ACL", "SETUSER", "ann", "on", ">p", "~*", "+@all", "-@dangerous"});
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions("unix://ann:p@" + server.socketPath()));
      auto store = client->store("s");
      co_await setMany(store, numberedKeys("k", 100));
      auto found = co_await sortedKeys(store, KeyQuery().limit(7));
      CHECK(found.size() == 100);
      co_await client->close();
    });
  }
}
