#include <doctest/doctest.h>

#include <fstream>

#include "support/fake_server.hpp"
#include "support/run.hpp"
#include "support/store_io.hpp"

using namespace persistance;
using namespace persistance::test;
using redis::Client;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

namespace {

RedisOptions optionsFor(const FakeServer& server) {
  RedisOptions options(server.url());
  options.connectTimeout = milliseconds(500);
  options.commandTimeout = milliseconds(300);
  options.operationTimeout = milliseconds(600);
  options.maxReplySize = std::size_t{1} << 20;
  options.maxReplyElements = 1000;
  return options;
}

/// The most memory that this process has ever had, in bytes.
std::size_t peakMemory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::size_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

struct Answer {
  std::optional<BackingErrc> code;
  milliseconds took;
};

/// What an operation gets from a server that answers every command with `action`.
Answer ask(Action action, bool write) {
  FakeServer server([&](const Words&) { return action; });
  Answer answer;
  test::run([&]() -> asio::awaitable<void> {
    auto client = co_await Client::open(optionsFor(server));
    auto store = client->store("s");
    const auto read = [&]() -> asio::awaitable<void> { co_await get(store, "k"); };
    const auto began = Steady::now();
    if (write) {
      answer.code = co_await failureOf(set(store, "k", "v"));
    } else {
      answer.code = co_await failureOf(read());
    }
    answer.took = std::chrono::duration_cast<milliseconds>(Steady::now() - began);
    co_await client->close();
  });
  return answer;
}

std::string randomBytes(unsigned seed, std::size_t size) {
  std::minstd_rand random(seed);
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(random() >> 8);
  return bytes;
}

constexpr milliseconds soon{100};  // the promise of the issue; nothing here comes near it

}  // namespace

TEST_SUITE("redis-hostile") {
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

  TEST_CASE("E12: a gigabyte without an end costs neither time nor memory") {
    const std::size_t before = peakMemory();
    for (const char* start : {"+", "-", "$", "*", ":", "$1048000\r\n"}) {
      CAPTURE(start);
      bool first = true;
      const std::string chunk(1 << 20, 'x');
      FakeServer server([&](const Words&) {
        const std::string bytes = (first ? start : "") + chunk;
        first = false;
        return Action(bytes, Action::keep, {}, 1024);
      });
      test::run([&]() -> asio::awaitable<void> {
        auto client = co_await Client::open(optionsFor(server));
        auto store = client->store("s");
        const auto read = [&]() -> asio::awaitable<void> { co_await get(store, "k"); };
        const auto began = Steady::now();
        auto code = co_await failureOf(read());
        CHECK(code == BackingErrc::protocol);
        CHECK(Steady::now() - began < soon);
        co_await client->close();
      });
    }
    CHECK(peakMemory() - before < std::size_t{48} << 20);
  }

  TEST_CASE("E12: an array of many small arrays stays under the cap") {
    const std::size_t before = peakMemory();
    std::string bytes = "*1000\r\n";
    for (int i = 0; i < 1000; ++i) bytes += "*1000\r\n";
    const Answer answer = ask(Action(bytes), false);
    CHECK(answer.code == BackingErrc::protocol);
    CHECK(answer.took < soon);
    CHECK(peakMemory() - before < std::size_t{16} << 20);
  }

  TEST_CASE("E13: a reply too many is never given to the next operation") {
    FakeServer server([](const Words& command) -> Action {
      if (command[0] != "GET") return "+OK\r\n";
      const std::string value = "$1\r\n" + command[1].substr(command[1].size() - 1) + "\r\n";
      return Action(value + "$5\r\nwrong\r\n");
    });
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(optionsFor(server));
      auto store = client->store("s");
      for (const std::string key : {"a", "b", "c", "d"}) {
        auto found = co_await get(store, key);
        CHECK(found == key);
        asio::steady_timer timer(co_await asio::this_coro::executor, milliseconds(20));
        co_await timer.async_wait(asio::use_awaitable);
      }
      co_await client->close();
    });
    CHECK(server.connections() > 1);
  }

  TEST_CASE("E13: a server that talks before it is asked is not listened to") {
    FakeServer server([](const Words&) -> Action { return "$1\r\nv\r\n"; });
    server.banner = "+HELLO\r\n";
    test::run([&]() -> asio::awaitable<void> {
      std::optional<BackingErrc> code;
      try {
        auto client = co_await Client::open(optionsFor(server));
      } catch (const backing::Failure& failure) {
        code = static_cast<BackingErrc>(failure.code().value());
      }
      CHECK(code == BackingErrc::protocol);
    });
  }

  TEST_CASE("E14, E16: reset and half replies: a write is unknown, the process lives") {
    CHECK(ask(Action("", Action::reset), true).code == BackingErrc::unknownOutcome);
    CHECK(ask(Action("$5\r\nva", Action::reset), false).code == BackingErrc::unavailable);
    CHECK(ask(Action("+O", Action::close), true).code == BackingErrc::unknownOutcome);
  }

  TEST_CASE("E4: silence and dribble: the deadline holds, and a late reply goes nowhere") {
    const Answer silent = ask(Action("", Action::silence), true);
    CHECK(silent.code == BackingErrc::unknownOutcome);
    CHECK(silent.took >= milliseconds(300));
    CHECK(silent.took < milliseconds(450));
    FakeServer server([](const Words& command) -> Action {
      const std::string name = command[1].substr(command[1].find("s:") + 2);
      const std::string value = "$" + std::to_string(name.size()) + "\r\n" + name + "\r\n";
      return name == "slow" ? Action(value, Action::keep, milliseconds(60)) : Action(value);
    });
    test::run([&]() -> asio::awaitable<void> {
      auto options = optionsFor(server);
      options.operationTimeout = options.commandTimeout;
      auto client = co_await Client::open(options);
      auto store = client->store("s");
      const auto slow = [&]() -> asio::awaitable<void> { co_await get(store, "slow"); };
      auto code = co_await failureOf(slow());
      CHECK(code == BackingErrc::timeout);
      for (int i = 0; i < 40; ++i) {
        const std::string key = "k" + std::to_string(i);
        std::optional<std::string> found;
        try {
          found = co_await get(store, key);
        } catch (const backing::Failure& failure) {
          CHECK(failure.code() == BackingErrc::timeout);
          continue;
        }
        CHECK(found == key);
      }
      co_await client->close();
    });
    CHECK(server.connections() == 1);  // it was late, and not dead
  }

  TEST_CASE("E5: a connect that nobody answers ends at the connect timeout") {
    asio::io_context context;
    asio::ip::tcp::acceptor full(context, {asio::ip::address_v4::loopback(), 0}, false);
    full.listen(0);
    std::vector<int> fill;  // after these the kernel answers nobody
    for (int i = 0; i < 8; ++i) {
      fill.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
      auto address = full.local_endpoint();
      ::connect(fill.back(), address.data(), static_cast<socklen_t>(address.size()));
    }
    RedisOptions options("redis://127.0.0.1:" + std::to_string(full.local_endpoint().port()));
    options.connectTimeout = milliseconds(200);
    options.breakerThreshold = 1;
    test::run([&]() -> asio::awaitable<void> {
      const auto began = Steady::now();
      std::optional<BackingErrc> code;
      try {
        auto client = co_await Client::open(options);
      } catch (const backing::Failure& failure) {
        code = static_cast<BackingErrc>(failure.code().value());
      }
      CHECK(code == BackingErrc::unavailable);
      CHECK(Steady::now() - began >= milliseconds(190));
      CHECK(Steady::now() - began < milliseconds(1000));
    });
    for (const int socket : fill) ::close(socket);
  }

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
      CHECK(never.code == BackingErrc::unavailable);
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
}
