#include <doctest/doctest.h>

#include <mutex>
#include <random>

#include "support/ask.hpp"

using namespace persistance;
using namespace persistance::test;

namespace {

std::string randomBytes(unsigned seed, std::size_t size) {
  std::minstd_rand random(seed);
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(random() >> 8);
  return bytes;
}

}  // namespace

TEST_SUITE("redis replies") {
  TEST_CASE("E11: every prefix of a reply, then the end") {
    const std::string reply = "$5\r\nvalue\r\n";
    for (std::size_t size = 0; size < reply.size(); ++size) {
      CAPTURE(size);
      const Answer read = ask(Action(reply.substr(0, size), Action::close), false);
      CHECK(read.code == BackingErrc::unavailable);
      CHECK(read.took < soon);
      const Answer write =
          ask(Action(std::string("+OK\r\n").substr(0, size % 5), Action::close), true);
      CHECK(write.code == BackingErrc::unknownOutcome);
      CHECK(write.took < soon);
    }
  }

  TEST_CASE("E11, E12, E15: what is no answer is a protocol error at once, for reads and writes") {
    std::vector<std::string> replies{
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
        "*2147483647\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
        "*-2\r\n",
        "$-2\r\n",
        "$9223372036854775807\r\n",
        "$2000000\r\n",
        "$3\r\nabcXX",
        "%1\r\n+a\r\n+b\r\n",
        "_\r\n",
        ",3.14\r\n",
        "#t\r\n",
        "~1\r\n:1\r\n",
        ">2\r\n+message\r\n+x\r\n",
        "=5\r\ntxt:x\r\n",
        "(12345678901234567890\r\n",
        "*1\r\n$5\r\nvalue\r\n",
        ":1\r\n",
        "\r\n\r\n",
        std::string(3, '\0'),
    };
    for (unsigned seed = 1; seed <= 20; ++seed) {
      std::string bytes = randomBytes(seed, 200);
      if (std::string_view("$*+-:").find(bytes[0]) != std::string_view::npos) bytes[0] = '?';
      replies.push_back(std::move(bytes));
    }
    for (const std::string& reply : replies) {
      CAPTURE(reply.substr(0, 40));
      for (const bool write : {false, true}) {
        const Answer answer = ask(Action(reply), write);
        CHECK(answer.code == BackingErrc::protocol);
        CHECK(answer.took < soon);
      }
    }
    CHECK(ask(Action("+OK\r\n"), false).code == BackingErrc::protocol);
    CHECK(ask(Action("$1\r\nx\r\n"), true).code == BackingErrc::protocol);
  }

  TEST_CASE("E14, E16: reset and half replies: a write is unknown, the process lives") {
    CHECK(ask(Action("", Action::reset), true).code == BackingErrc::unknownOutcome);
    CHECK(ask(Action("$5\r\nva", Action::reset), false).code == BackingErrc::unavailable);
    CHECK(ask(Action("+O", Action::close), true).code == BackingErrc::unknownOutcome);
  }

  TEST_CASE("clear removes no key of others, whatever SCAN says") {
    const std::string mine = "persistance:{}1:s:k";
    std::mutex mutex;
    std::vector<std::string> removed;
    FakeServer server([&](const Words& command) -> Action {
      if (command[0] == "INFO") return "$0\r\n\r\n";
      if (command[0] != "SCAN") {
        const std::lock_guard lock(mutex);
        removed.insert(removed.end(), command.begin() + 1, command.end());
        return ":1\r\n";
      }
      return Action("*2\r\n$1\r\n0\r\n*2\r\n$5\r\nother\r\n$" + std::to_string(mine.size()) +
                    "\r\n" + mine + "\r\n");
    });
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await backing::redis::Client::open(optionsFor(server));
      co_await client->store("s")->clear();
      co_await client->close();
    });
    const std::lock_guard lock(mutex);
    REQUIRE(removed.size() == 1);
    CHECK(removed[0] == mine);
  }
}
