#include <doctest/doctest.h>

#include "support/outcomes.hpp"
#include "support/server.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t large = std::size_t{4} << 20;
constexpr int operations = 5000;
#else
constexpr std::size_t large = std::size_t{64} << 20;
constexpr int operations = 100000;
#endif

/// For tests that are not about time, on a machine of any speed.
RedisOptions unhurried(std::string url) {
  RedisOptions options(std::move(url));
  options.commandTimeout = milliseconds(50000);
  options.deadline = milliseconds(60000);
  return options;
}

}  // namespace

TEST_SUITE("redis limits") {
  TEST_CASE("E6: maxmemory: the write fails, reads go on") {
    RedisServer server({"--maxmemory", "3mb", "--maxmemory-policy", "noeviction"});
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("s");
      co_await set(store, "small", "v");
      std::optional<BackingErrc> code;
      for (int i = 0; i < 100 && !code; ++i) {
        code = co_await failureOf(set(store, std::to_string(i), std::string(100000, 'x')));
      }
      CHECK(code == BackingErrc::outOfMemory);
      auto found = co_await get(store, "small");
      CHECK(found == "v");
      co_await client->close();
    });
  }

  TEST_CASE("E7: a list under the key: wrongType, and the list stays") {
    RedisServer server;
    server.command({"RPUSH", "persistance:{}1:s:k", "x"});
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto code = co_await getFailure(client->store("s"), "k");
      CHECK(code == BackingErrc::wrongType);
      co_await client->close();
    });
    CHECK(server.command({"LLEN", "persistance:{}1:s:k"}) == "1");
  }

  TEST_CASE("E8: 64 MiB round-trips; over the limit is refused before it is sent") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(unhurried(server.url()));
      auto store = client->store("s");
      const std::string value(large, 'v');
      co_await set(store, "k", value);
      auto found = co_await get(store, "k");
      CHECK((found == value));
      co_await client->close();
      RedisOptions options(server.url());
      options.valueLimit = ByteSize(1000);
      auto small = co_await Client::open(options);
      auto code = co_await failureOf(set(small->store("s"), "k", std::string(1001, 'x')));
      CHECK(code == BackingErrc::tooLarge);
      co_await set(small->store("s"), "k", std::string(1000, 'x'));
      co_await small->close();
      server.command({"CONFIG", "SET", "proto-max-bulk-len", "1048576"});
      auto third = co_await Client::open(RedisOptions(server.url()));
      code = co_await failureOf(set(third->store("s"), "k", std::string(2000000, 'x')));
      CHECK((code == BackingErrc::tooLarge || code == BackingErrc::unknownOutcome));
      co_await third->close();
    });
  }

  TEST_CASE("E20: a hundred thousand operations against a stopped server: overloaded, bounded") {
    RedisServer server;
    const auto body = [&]() -> asio::awaitable<void> {
      RedisOptions options = unhurried(server.url());
      options.queueLimit = 1000;
      auto client = co_await Client::open(options);
      server.signal(SIGSTOP);
      Outcomes outcomes;
      outcomes.start(co_await asio::this_coro::executor, client->store("s"), operations);
      while (outcomes.left > 1000) co_await sleepFor(milliseconds(1));
      CHECK(outcomes.of(BackingErrc::overloaded) == operations - 1000);
      server.signal(SIGCONT);
      co_await outcomes.end();
      CHECK(outcomes.count["ok"] == 1000);
      co_await client->close();
    };
    test::run(body, std::chrono::minutes(2));
  }
}
