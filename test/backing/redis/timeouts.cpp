#include <doctest/doctest.h>

#include "support/ask.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

TEST_SUITE("redis timeouts") {
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
      options.deadline = options.commandTimeout;
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
}
