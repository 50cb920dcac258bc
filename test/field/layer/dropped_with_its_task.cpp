// A layer whose last user is dropped unclosed, by its own coroutine or with its execution context,
// while a task of the layer goes on elsewhere: the task is cancelled, may use its service until it has
// ended, and keeps no io_context running.
#include <memory>

#include "layers.hpp"

namespace {

struct Feed {
  std::vector<int> ticks;
};

auto feedOf(EventLog& log) {
  return layer::scoped([&log](layer::Scope& scope) {
    auto feed = std::make_unique<Feed>();
    scope.addFinalizer([&log] { log.add("released"); });
    const auto tick = [](Feed& f, EventLog& events) -> asio::awaitable<void> {
      try {
        for (;;) {
          co_await sleepFor(1ms);
          f.ticks.push_back(1);
        }
      } catch (const std::system_error&) {
        f.ticks.clear();
        events.add("cancelled");
      }
    };
    scope.spawn(tick(*feed, log));
    return feed;
  });
}

template <class L>
asio::awaitable<void> hold(L l, layer::MemoMap map, layer::Scope scope, bool& built) {
  co_await layer::build(l, scope, map);
  built = true;
  co_await sleepFor(1h);
}

}  // namespace

int main() {
  {
    EventLog log;
    asio::io_context context;
    const auto drop = [&]() -> asio::awaitable<void> {
      layer::Scope dropped;
      co_await layer::build(feedOf(log), dropped);
      co_await sleepFor(10ms);
    };
    Spawned program;
    program.start(context, drop());
    context.run_for(5s);
    field::expect(program.succeeded() && context.stopped(),
                  "dropped by its coroutine: a task goes on");
    field::expect(log.text() == "cancelled", "dropped by its coroutine: " + log.text());
  }
  for (const bool closes : {false, true}) {
    // Its other user is closed first, or dropped as well.
    EventLog log;
    const auto feed = feedOf(log);
    layer::MemoMap map;
    asio::io_context home;
    auto other = std::make_unique<asio::io_context>();
    const auto useFirst = [&]() -> asio::awaitable<void> {
      layer::Scope mine;
      co_await layer::build(feed, mine, map);
      co_await sleepFor(30ms);
      if (closes) co_await mine.close();
    };
    Spawned first;
    Spawned second;
    bool built = false;
    first.start(home, useFirst());
    home.run_for(5ms);
    second.start(*other, hold(feed, map, layer::Scope(), built));
    while (!built) {
      other->poll_one();
      home.poll_one();
    }
    home.restart();
    while (!first.over()) home.run_one();
    other.reset();
    home.restart();
    home.run_for(5s);
    field::expect(first.succeeded() && home.stopped(), "dropped with its context: a task goes on");
    field::expect(log.text() == "cancelled", "dropped with its context: " + log.text());
  }
  {
    // A run is dropped with its context; its task went on there and goes with it.
    EventLog log;
    auto context = std::make_unique<asio::io_context>();
    Spawned program;
    program.start(*context, layer::run(feedOf(log), [](Feed&) { return sleepFor(1h); }));
    context->run_for(10ms);
    context.reset();
    field::expect(log.text().empty(), "dropped with its own context: " + log.text());
  }
  return field::result();
}
