// An execution context dies while its coroutines wait for a layer of another one, build one for
// another, or are to release one.
#include "layers.hpp"

struct Db {};

namespace {

asio::awaitable<void> hold(layer::Layer<layer::Requires<>, layer::Provides<Db>> db,
                           layer::MemoMap map, layer::Scope scope, bool& built) {
  co_await layer::build(db, scope, map);
  built = true;
  co_await sleepFor(1h);
}

}  // namespace

int main() {
  EventLog log;
  const auto db = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Db> {
    scope.addFinalizer([&]() -> asio::awaitable<void> {
      co_await asio::post(asio::use_awaitable);
      log.add("released");
    });
    co_await sleepFor(20ms);
    co_return Db();
  });
  {
    auto builder = std::make_unique<asio::io_context>();
    auto waiter = std::make_unique<asio::io_context>();
    layer::MemoMap map;
    Spawned builds;
    Spawned waits;
    builds.start(*builder, layer::run(db, [](Db&) {}, map));
    builder->run_for(5ms);
    waits.start(*waiter, layer::run(db, [](Db&) {}, map));
    waiter->run_for(5ms);
    waiter.reset();
    builder->restart();
    builder->run();
    field::expect(builds.succeeded() && log.text() == "released", "who waits is gone");
  }
  {
    // Built on a context that is destroyed, released on another one.
    log.clear();
    layer::MemoMap map;
    layer::Scope mine;
    layer::Scope theirs;
    auto builder = std::make_unique<asio::io_context>();
    Spawned builds;
    bool built = false;
    builds.start(*builder, hold(db, map, theirs, built));
    while (!built) builder->run_one();
    asio::io_context context;
    const auto work = [&]() -> asio::awaitable<void> {
      co_await layer::build(db, mine, map);
      builder.reset();
      theirs = layer::Scope();
      co_await mine.close();
    };
    Spawned uses;
    uses.start(context, work());
    context.run_for(5s);
    field::expect(uses.succeeded() && log.text() == "released",
                  "who built is gone: " + uses.text());
  }
  for (int step = 0; step < 30; ++step) {
    // Closed by one context, released on another that is destroyed at any step of that.
    layer::MemoMap map;
    layer::Scope scope;
    auto builder = std::make_unique<asio::io_context>();
    Spawned builds;
    bool built = false;
    builds.start(*builder, hold(db, map, scope, built));
    while (!built) builder->run_one();
    asio::io_context context;
    const auto close = [&]() -> asio::awaitable<void> { co_await scope.close(); };
    Spawned closes;
    closes.start(context, close());
    context.poll();
    builder->restart();
    for (int i = 0; i < step; ++i) builder->poll_one();
    builder.reset();
    context.restart();
    context.run_for(5s);
    field::expect(closes.succeeded(), "closed, step " + std::to_string(step));
  }
  return field::result();
}
