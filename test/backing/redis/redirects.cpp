#include <doctest/doctest.h>

#include "support/ask.hpp"
#include "support/fake_cluster.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

namespace {

RedisOptions optionsFor(const FakeCluster& cluster) {
  RedisOptions options(cluster.url());
  options.connectTimeout = milliseconds(100);
  options.commandTimeout = milliseconds(200);
  options.deadline = milliseconds(3000);
  return options;
}

struct Ended {
  std::optional<BackingErrc> code;
  std::string said;
  milliseconds took{};
};

/// One get, or one set.
Ended operate(const RedisOptions& options, bool write = false) {
  Ended ended;
  test::run([&]() -> asio::awaitable<void> {
    auto client = co_await Client::open(options);
    auto store = client->store("s");
    const auto began = Steady::now();
    try {
      if (write) {
        co_await set(store, "k", "v");
      } else {
        static_cast<void>(co_await get(store, "k"));
      }
    } catch (const backing::Failure& failure) {
      ended.code = static_cast<BackingErrc>(failure.code().value());
      ended.said = failure.detail();
    }
    ended.took = since(began);
    co_await client->close();
  });
  return ended;
}

}  // namespace

TEST_SUITE("redis redirects") {
  TEST_CASE("E18: two nodes that point to each other: redirectLimit after so many hops") {
    for (const std::string word : {"MOVED", "ASK"}) {
      CAPTURE(word);
      for (const std::size_t limit : {std::size_t{0}, std::size_t{3}, std::size_t{8}}) {
        FakeCluster cluster([&](const FakeCluster& self, std::size_t node, const Words& command) {
          if (command[0] == "ASKING") return Action("+OK\r\n");
          return FakeCluster::redirect(word, self.place(1 - node));
        });
        RedisOptions options = optionsFor(cluster);
        options.redirectLimit = limit;
        const Ended ended = operate(options);
        CHECK(ended.code == BackingErrc::redirectLimit);
        CHECK(ended.took < options.deadline);
        const int hops = static_cast<int>(limit);
        CHECK(cluster.asked == (word == "MOVED" ? hops + 1 : 2 * hops + 1));
      }
    }
  }

  TEST_CASE("E18: two nodes that point to each other for ever: the deadline holds too") {
    FakeCluster cluster([](const FakeCluster& self, std::size_t node, const Words&) {
      return FakeCluster::redirect("MOVED", self.place(1 - node));
    });
    RedisOptions options = optionsFor(cluster);
    options.redirectLimit = 1000;
    options.deadline = milliseconds(300);
    const Ended ended = operate(options);
    CHECK(ended.code == BackingErrc::redirectLimit);
    CHECK(ended.took < milliseconds(450));
  }

  TEST_CASE("E18: a redirect that is none, or to no slot, is a protocol error at once") {
    for (const char* reply :
         {"-MOVED\r\n", "-MOVED 1\r\n", "-MOVED 1 \r\n", "-MOVED 1 nowhere\r\n",
          "-MOVED 99999 127.0.0.1:1\r\n", "-MOVED 16384 127.0.0.1:1\r\n", "-MOVED 1 h:0\r\n",
          "-MOVED 1 h:99999\r\n", "-ASK 99999 127.0.0.1:1\r\n", "-ASK x y\r\n"}) {
      CAPTURE(reply);
      for (const bool write : {false, true}) {
        FakeCluster cluster([&](const FakeCluster&, std::size_t, const Words&) { return reply; });
        const Ended ended = operate(optionsFor(cluster), write);
        CHECK(ended.code == BackingErrc::protocol);
        CHECK(ended.took < soon);
        CHECK(cluster.asked == 1);
      }
    }
  }

  TEST_CASE("E18: a host that the options do not allow is a protocol error, and not connected to") {
    FakeCluster cluster([](const FakeCluster& self, std::size_t node, const Words&) {
      if (node == 1) return Action("$1\r\nv\r\n");
      return FakeCluster::redirect("MOVED", "localhost:" + std::to_string(self.port(1)));
    });
    RedisOptions options = optionsFor(cluster);
    const Ended allowed = operate(options);
    CHECK_FALSE(allowed.code.has_value());
    CHECK(cluster.connections(1) == 1);
    options.allowedHosts = {"127.0.0.1"};
    const Ended ended = operate(options);
    CHECK(ended.code == BackingErrc::protocol);
    CHECK(ended.said.find("do not allow") != std::string::npos);
    CHECK(ended.took < soon);
    CHECK(cluster.connections(1) == 1);
  }

  TEST_CASE("E18: a redirect to where nobody is ends as an error, by the deadline") {
    asio::io_context context;
    asio::ip::tcp::acceptor deaf(context, {asio::ip::address_v4::loopback(), 0});
    const std::string silent = "127.0.0.1:" + std::to_string(deaf.local_endpoint().port());
    for (const std::string& place :
         {std::string("127.0.0.1:1"), silent, std::string("192.0.2.1:6379")}) {  // TEST-NET-1
      CAPTURE(place);
      for (const bool write : {false, true}) {
        FakeCluster cluster([&](const FakeCluster&, std::size_t, const Words&) {
          return FakeCluster::redirect("MOVED", place);
        });
        RedisOptions options = optionsFor(cluster);
        options.deadline = milliseconds(700);
        const Ended ended = operate(options, write);
        CAPTURE(ended.said);
        const bool fits = ended.code == BackingErrc::unavailable ||
                          ended.code == BackingErrc::timeout ||
                          ended.code == BackingErrc::redirectLimit;
        CHECK(fits);
        CHECK(ended.took < milliseconds(850));
      }
    }
  }

  TEST_CASE("E5: an owner that is not connected yet and does not answer: the deadline holds") {
    asio::io_context context;
    asio::ip::tcp::acceptor deaf(context, {asio::ip::address_v4::loopback(), 0});
    FakeCluster cluster([](const FakeCluster&, std::size_t, const Words&) { return "+OK\r\n"; });
    cluster.owner = deaf.local_endpoint().port();
    RedisOptions options = optionsFor(cluster);
    options.connectTimeout = milliseconds(5000);
    options.commandTimeout = options.deadline = milliseconds(300);
    const Ended ended = operate(options);
    CHECK(ended.code == BackingErrc::timeout);
    CHECK(ended.took >= milliseconds(290));
    CHECK(ended.took < milliseconds(450));
  }

  TEST_CASE("E18: slots that all lie where we may not go: unavailable, by the deadline") {
    FakeCluster cluster([](const FakeCluster&, std::size_t, const Words&) { return "+OK\r\n"; });
    RedisOptions options("redis://localhost:" + std::to_string(cluster.port(0)));
    options.allowedHosts = {"localhost"};
    options.deadline = milliseconds(300);
    test::run([&]() -> asio::awaitable<void> {
      const auto began = Steady::now();
      std::string said;
      auto code = co_await openFailure(options, &said);
      CHECK(code == BackingErrc::unavailable);
      CHECK(said.find("may reach") != std::string::npos);
      CHECK(since(began) < milliseconds(450));
    });
  }
}
