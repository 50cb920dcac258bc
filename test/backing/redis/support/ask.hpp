#pragma once
/// One operation against a server that answers as it is told to.

#include "support/fake_server.hpp"
#include "support/outcomes.hpp"
#include "support/run.hpp"

namespace persistance::test {

/// Short deadlines and low limits.
inline RedisOptions optionsFor(const FakeServer& server) {
  RedisOptions options(server.url());
  options.connectTimeout = std::chrono::milliseconds(500);
  options.commandTimeout = std::chrono::milliseconds(300);
  options.deadline = std::chrono::milliseconds(600);
  options.replyLimit = ByteSize::mebi(1);
  options.replyElementLimit = 1000;
  return options;
}

struct Answer {
  std::optional<BackingErrc> code;
  std::chrono::milliseconds took;
};

/// What an operation gets from a server that answers every command with `action`.
inline Answer ask(Action action, bool write) {
  FakeServer server([&](const Words&) { return action; });
  Answer answer;
  test::run([&]() -> asio::awaitable<void> {
    auto client = co_await backing::redis::Client::open(optionsFor(server));
    auto store = client->store("s");
    const auto read = [&]() -> asio::awaitable<void> { co_await get(store, "k"); };
    const auto began = Steady::now();
    if (write) {
      answer.code = co_await failureOf(set(store, "k", "v"));
    } else {
      answer.code = co_await failureOf(read());
    }
    answer.took = since(began);
    co_await client->close();
  });
  return answer;
}

/// The promise for what can be refused at once; nothing here comes near it.
constexpr std::chrono::milliseconds soon{100};

}  // namespace persistance::test
