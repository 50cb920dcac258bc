// An io_context may be destroyed at any step of a program of layers: while they are built, retried,
// timed out, used, with spawned tasks, released, cancelled. Nothing leaks and nothing is called late.
#include "layers.hpp"

namespace {
struct Live {
  static inline int count = 0;
  Live() { ++count; }
  Live(const Live&) { ++count; }
  ~Live() { --count; }
};
struct Config : Live {};
struct Database : Live {};
struct Cache : Live {};
struct Server : Live {};

asio::awaitable<void> beat(std::shared_ptr<Live> live) {
  for (;;) {
    co_await sleepFor(1ms);
    (void)live;
  }
}

auto makeApp() {
  auto config = layer::succeed(Config{});
  auto tries = std::make_shared<int>(0);
  auto database = layer::retry(
      layer::scoped(
          [tries](Config&, layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Database>> {
            auto made = std::make_shared<Database>();
            scope.addFinalizer([made]() -> asio::awaitable<void> { co_await sleepFor(0ms); });
            scope.spawn(beat(std::make_shared<Live>()));
            co_await sleepFor(0ms);
            if (++*tries % 3 != 0) throw std::runtime_error("not yet");
            co_return made;
          }),
      layer::Schedule::spaced(1ms));
  auto slow = layer::effect([](Config&) -> asio::awaitable<Cache> {
    Live here;
    co_await sleepFor(60s);
    co_return Cache{};
  });
  auto quick = layer::scoped([](Config&, layer::Scope& scope) -> asio::awaitable<Cache> {
    scope.addFinalizer(
        [live = Live()](const layer::Exit&) -> asio::awaitable<void> { co_await sleepFor(0ms); });
    co_return Cache{};
  });
  auto cache = layer::orElse(layer::timeout(slow, 2ms), quick);
  auto server = layer::scoped(
      [](Database&, Cache&, layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Server>> {
        scope.spawn(beat(std::make_shared<Live>()));
        co_await asio::post(asio::use_awaitable);
        scope.addFinalizer([] {});
        co_return std::make_shared<Server>();
      });
  return layer::wire<Server>(server, database, cache, config);
}

/// Runs `n` handlers, then destroys the context. True: it had ended before.
template <class Start>
bool steps(int n, int cancelAt, Start start) {
  Spawned spawned;
  bool over = false;
  {
    asio::io_context io;
    start(spawned, io);
    for (int i = 0; i < n && !over; ++i) {
      if (i == cancelAt) spawned.cancel();
      over = io.run_one() == 0;
    }
  }
  return over;
}

template <class Start>
void all(const std::string& what, int cancelAt, Start start) {
  const int before = Live::count;
  for (int n = 0; n < 4000; ++n) {
    const bool over = steps(n, cancelAt, start);
    field::expect(Live::count == before, what + ": something is left after " + std::to_string(n));
    if (Live::count != before) return;
    if (over) return;
  }
  field::expect(false, what + ": never over");
}
}  // namespace

int main() {
  {
    auto app = makeApp();
    auto body = [](Server&, layer::Scope& scope) -> asio::awaitable<void> {
      scope.addFinalizer([]() -> asio::awaitable<void> { co_await sleepFor(0ms); });
      co_await sleepFor(1ms);
    };
    all("run", -1, [&](Spawned& s, asio::io_context& io) { s.start(io, layer::run(app, body)); });
    for (int k : {0, 1, 2, 3, 5, 8, 12, 16, 20, 25, 30, 40})
      all("run, cancelled", k,
          [&](Spawned& s, asio::io_context& io) { s.start(io, layer::run(app, body)); });
    all("run on a strand", -1, [&](Spawned& s, asio::io_context& io) {
      s.start(asio::make_strand(io), layer::run(app, body));
    });
    for (int k : {3, 10, 22, 60})
      all("launch, cancelled", k,
          [&](Spawned& s, asio::io_context& io) { s.start(io, layer::launch(app, {1s})); });
    all("build and close", -1, [&](Spawned& s, asio::io_context& io) {
      s.start(io, [](auto a) -> asio::awaitable<void> {
        layer::Scope scope;
        auto context = co_await layer::build(a, scope);
        co_await sleepFor(0ms);
        co_await scope.close();
      }(app));
    });
    all("runtime", -1, [&](Spawned& s, asio::io_context& io) {
      s.start(io, [](auto a, auto f) -> asio::awaitable<void> {
        layer::ManagedRuntime runtime(a);
        co_await runtime.run(f);
        co_await runtime.dispose(1s);
      }(app, body));
    });
    // the runtime outlives the context, and is used again on another one
    for (int n = 0; n < 60; n += 3) {
      layer::ManagedRuntime runtime(app);
      steps(n, -1, [&](Spawned& s, asio::io_context& io) { s.start(io, runtime.run(body)); });
      Spawned again;
      asio::io_context io;
      again.start(io, [](auto r, auto f) -> asio::awaitable<void> {
        co_await r.run(f);
        co_await r.dispose();
      }(runtime, body));
      io.run_for(5s);
      field::expect(again.succeeded(), "a runtime goes on after a context was destroyed at step " +
                                           std::to_string(n) + ": " + again.text());
    }
  }
  field::expect(Live::count == 0, "nothing is left");
  return field::result();
}
