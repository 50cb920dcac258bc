// A LayerMap of a runtime serves several io_contexts; one of them is destroyed at every step of its
// use (build, use, idle timer, release), and users on the others get their services and their ends.
#include "layers.hpp"

namespace {
struct Conn {
  static inline int count = 0;
  Conn() { ++count; }
  Conn(const Conn&) { ++count; }
  ~Conn() { --count; }
};
using Conns = layer::LayerMap<int, Conn>;
int opened = 0, closed = 0;

auto makeMap(std::chrono::milliseconds idle) {
  return layer::layerMap(
      [](const int&) {
        return layer::scoped([](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Conn>> {
          auto conn = std::make_shared<Conn>();
          co_await sleepFor(0ms);
          ++opened;
          scope.addFinalizer([]() -> asio::awaitable<void> {
            ++closed;
            co_await sleepFor(0ms);
          });
          scope.spawn([]() -> asio::awaitable<void> { co_await sleepFor(1h); }());
          co_return conn;
        });
      },
      {idle});
}

bool once(int n, std::chrono::milliseconds idle, int kind) {
  const std::string what = "n=" + std::to_string(n) + " idle " + std::to_string(idle.count()) +
                           " kind " + std::to_string(kind);
  bool over = false;
  opened = closed = 0;
  {
    Spawned root, victim, other, end;
    asio::io_context home;
    std::optional<Conns> map;
    layer::ManagedRuntime runtime(makeMap(idle));
    root.start(home, runtime.run([&](Conns& m) { map = m; }));
    home.run();
    home.restart();
    field::expect(map.has_value(), "the map is there");
    {
      auto gone = std::make_unique<asio::io_context>();
      const auto body = [](Conn&) -> asio::awaitable<void> {
        co_await sleepFor(0ms);
        co_await sleepFor(0ms);
      };
      if (kind == 0) victim.start(*gone, map->run(1, body));
      if (kind == 1)
        victim.start(*gone, [](Conns m) -> asio::awaitable<void> {
          co_await m.preload(1);
          co_await sleepFor(1ms);
          co_await m.invalidate(1);
        }(*map));
      if (kind == 2)
        victim.start(*gone, [](Conns m) -> asio::awaitable<void> {
          layer::Scope s;
          (void)co_await m.get(1, s);
          co_await sleepFor(0ms);
          co_await s.close();
        }(*map));
      if (n % 2) other.start(home, map->run(1, body));
      int i = 0;
      for (; i < n; ++i) {
        if (gone->run_one_for(20ms) == 0) break;
        home.poll_one();
      }
      over = i < n;
      gone.reset();
    }
    if (n % 2 == 0)
      other.start(home,
                  map->run(1, [](Conn&) -> asio::awaitable<void> { co_await sleepFor(0ms); }));
    const auto until = std::chrono::steady_clock::now() + 2s;
    while (!other.over() && std::chrono::steady_clock::now() < until) {
      home.restart();
      home.run_one_for(5ms);
    }
    field::expect(other.succeeded(),
                  what + ": the other user ends " + (other.over() ? other.text() : "hangs"));
    end.start(home, [](auto r) -> asio::awaitable<void> { co_await r.dispose(2s); }(runtime));
    home.restart();
    const auto until2 = std::chrono::steady_clock::now() + 2s;
    while (!end.over() && std::chrono::steady_clock::now() < until2) {
      home.restart();
      home.run_one_for(5ms);
    }
    field::expect(end.succeeded(),
                  what + ": the runtime is disposed of " + (end.over() ? end.text() : "hangs"));
    field::expect(map->keys().empty(), what + ": no keys");
    field::expect(!root.text().size(), "root");
  }
  field::expect(Conn::count == 0, what + ": left " + std::to_string(Conn::count));
  // what was begun on the destroyed context may be lost with it, once
  field::expect(opened - closed >= 0 && opened - closed <= 1,
                what + ": opened " + std::to_string(opened) + " closed " + std::to_string(closed));
  return over || Conn::count != 0;
}
}  // namespace

int main() {
  for (int kind = 0; kind < 3; ++kind) {
    for (const auto idle :
         {0ms, 1ms, std::chrono::milliseconds(1h), std::chrono::milliseconds::max()}) {
      for (int n = 0; n < 200 && !once(n, idle, kind); ++n) {
      }
    }
  }
  return field::result();
}
