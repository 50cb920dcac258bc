#include <doctest/doctest.h>

#include "support/run.hpp"
#include "support/server.hpp"
#include "support/store_io.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;

TEST_SUITE("redis standalone") {
  TEST_CASE("values come back as they were put, and absence is no error") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("users");
      auto before = co_await get(store, "ada");
      CHECK_FALSE(before.has_value());
      co_await set(store, "ada", "lovelace");
      auto after = co_await get(store, "ada");
      CHECK(after == "lovelace");
      co_await set(store, "empty", "");
      auto empty = co_await get(store, "empty");
      CHECK(empty == "");
      std::vector<std::string> keys{"ada", "nobody", "empty", "ada"};
      auto many = co_await getMany(store, keys);
      CHECK(many[0] == "lovelace");
      CHECK_FALSE(many[1].has_value());
      CHECK(many[2] == "");
      CHECK(many[3] == "lovelace");
      co_await remove(store, "ada");
      co_await remove(store, "ada");
      auto gone = co_await get(store, "ada");
      CHECK_FALSE(gone.has_value());
      co_await client->close();
      co_await client->close();
      auto closed = co_await failureOf(remove(store, "ada"));
      CHECK(closed == BackingErrc::closed);
    });
  }
}
