#include <doctest/doctest.h>

#include "support/ask.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

TEST_SUITE("redis refusals") {
  TEST_CASE("E10: refused and not applied is asked again; what is final is said at once") {
    for (const char* refusal :
         {"-LOADING x\r\n", "-BUSY x\r\n", "-NOREPLICAS x\r\n", "-TRYAGAIN x\r\n",
          "-MASTERDOWN x\r\n", "-CLUSTERDOWN x\r\n", "-ERR max number of clients reached\r\n"}) {
      CAPTURE(refusal);
      int times = 0;
      FakeServer server([&](const Words&) -> Action { return ++times < 4 ? refusal : "+OK\r\n"; });
      test::run([&]() -> asio::awaitable<void> {
        auto client = co_await Client::open(optionsFor(server));
        auto store = client->store("s");
        auto code = co_await failureOf(set(store, "k", "v"));
        CHECK_FALSE(code.has_value());
        co_await client->close();
      });
      CHECK(times == 4);
      const Answer never = ask(Action(refusal), true);
      // Where the machine is slow, the last attempt may be on its way at the deadline.
      const bool underWay = never.code == BackingErrc::unknownOutcome;
      CHECK((underWay || never.code == BackingErrc::unavailable));
      CHECK(never.took < milliseconds(750));
    }
    struct Row {
      const char* reply;
      BackingErrc code;
    };
    for (const Row& row :
         {Row{"-READONLY x\r\n", BackingErrc::readOnly}, Row{"-MISCONF x\r\n", BackingErrc::io},
          Row{"-OOM x\r\n", BackingErrc::outOfMemory},
          Row{"-WRONGTYPE x\r\n", BackingErrc::wrongType},
          Row{"-NOPERM x\r\n", BackingErrc::authFailed},
          Row{"-MOVED 1 127.0.0.1:1\r\n", BackingErrc::protocol}}) {
      const Answer answer = ask(Action(row.reply), true);
      CHECK(answer.code == row.code);
      CHECK(answer.took < soon);
    }
  }

  TEST_CASE("E9: no message repeats the password, whatever the server says") {
    FakeServer server([](const Words& command) -> Action {
      std::string echo = "-ERR unknown command '" + command[0] + "' with args beginning with:";
      for (const std::string& word : command) echo += " '" + word + "'";
      return Action(echo + "\r\n");
    });
    server.greets = false;
    test::run([&]() -> asio::awaitable<void> {
      RedisOptions options("redis://ada:hunter2@127.0.0.1:" + std::to_string(server.port()));
      std::string said;
      try {
        auto client = co_await Client::open(options);
      } catch (const backing::Failure& failure) {
        said = failure.what();
        CHECK(failure.code() == BackingErrc::authFailed);
      }
      CHECK(said.find("AUTH") != std::string::npos);
      CHECK(said.find("hunter2") == std::string::npos);
    });
  }

  TEST_CASE("E9: of an answer to AUTH not more is said than its first word") {
    // A server may repeat the password in a spelling that is not ours.
    FakeServer server([](const Words&) -> Action { return "-ERR no such user: ada HUNTER2\r\n"; });
    server.greets = false;
    test::run([&]() -> asio::awaitable<void> {
      const RedisOptions options("redis://ada:hunter2@127.0.0.1:" + std::to_string(server.port()));
      std::string said;
      auto code = co_await openFailure(options, &said);
      CHECK(code == BackingErrc::authFailed);
      CHECK(said.find("AUTH: ERR") != std::string::npos);
      CHECK(said.find("HUNTER2") == std::string::npos);
      CHECK(said.find("ada") == std::string::npos);
    });
  }
}
