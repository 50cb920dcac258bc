#include <doctest/doctest.h>

#include "support/outcomes.hpp"
#include "support/server.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

TEST_SUITE("redis auth") {
  TEST_CASE(
      "E9: no, wrong and changed passwords, missing rights: authFailed, no storm, no secret") {
    RedisServer server({"--requirepass", "hunter2"}, RedisServer::Over::tcp);
    const std::string place = "127.0.0.1:" + std::to_string(server.port());
    test::run([&]() -> asio::awaitable<void> {
      std::string said;
      auto code = co_await openFailure(RedisOptions("redis://" + place), &said);
      CHECK(code == BackingErrc::authFailed);
      code = co_await openFailure(RedisOptions("redis://:wrong-secret@" + place), &said);
      CHECK(code == BackingErrc::authFailed);
      CHECK(said.find("wrong-secret") == std::string::npos);
      auto client = co_await Client::open(RedisOptions("redis://:hunter2@" + place + "/3"));
      auto store = client->store("s");
      co_await set(store, "k", "v");
      auto found = co_await get(store, "k");
      CHECK(found == "v");
      co_await client->close();
    });
  }

  TEST_CASE("E9: a user without the right to write, and one whose password changes") {
    RedisServer server({"--user", "reader", "on", ">pw", "~*", "+get", "+mget"});
    test::run([&]() -> asio::awaitable<void> {
      const std::string url = "unix://reader:pw@" + server.socketPath();
      auto client = co_await Client::open(RedisOptions(url));
      auto store = client->store("s");
      auto found = co_await get(store, "k");
      CHECK_FALSE(found.has_value());
      auto code = co_await failureOf(set(store, "k", "v"));
      CHECK(code == BackingErrc::authFailed);
      server.command({"ACL", "SETUSER", "reader", "<pw", ">new"});
      server.command({"CLIENT", "KILL", "USER", "reader"});
      co_await sleepFor(milliseconds(100));
      const auto began = Steady::now();
      for (int i = 0; i < 200; ++i) {
        code = co_await getFailure(store, "k");
        CHECK(code == BackingErrc::authFailed);
      }
      CHECK(since(began) < milliseconds(500));
      server.command({"ACL", "SETUSER", "reader", ">pw"});
      bool healed = false;
      for (int i = 0; i < 150 && !healed; ++i) {
        co_await sleepFor(milliseconds(20));
        healed = !(co_await getFailure(store, "k")).has_value();
      }
      CHECK(healed);
      co_await client->close();
    });
    const std::string log = server.command({"INFO", "stats"});
    const auto at = log.find("total_connections_received:");
    REQUIRE(at != std::string::npos);
    CHECK(std::stoi(log.substr(at + 27)) < 60);  // 200 operations were not 200 attempts
  }
}
