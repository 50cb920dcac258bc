// Three io_contexts share one MemoMap; any one of them (builder, waiter, releaser) is destroyed at any
// step, and the other two still build, use and release the layers to the end.
#include "layers.hpp"

namespace {
struct Live {
  static inline int count = 0;
  Live() { ++count; }
  Live(const Live&) { ++count; }
  ~Live() { --count; }
};
struct Database : Live {};
struct Users : Live {};
int acquired = 0, released = 0;

auto makeApp() {
  auto database =
      layer::scoped([](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Database>> {
        auto made = std::make_shared<Database>();
        co_await sleepFor(0ms);
        ++acquired;
        scope.addFinalizer([made]() -> asio::awaitable<void> {
          ++released;
          co_await sleepFor(0ms);
        });
        scope.spawn([](std::shared_ptr<Live> live) -> asio::awaitable<void> {
          co_await sleepFor(1h);
          (void)live;
        }(made));
        co_await sleepFor(0ms);
        co_return made;
      });
  auto users = layer::scoped([](Database&, layer::Scope& scope) -> asio::awaitable<Users> {
    co_await sleepFor(0ms);
    scope.addFinalizer([]() -> asio::awaitable<void> { co_await sleepFor(0ms); });
    co_return Users{};
  });
  return layer::provide(users, database);
}

asio::awaitable<void> use(Users&) {
  for (int i = 0; i < 3; ++i) co_await sleepFor(0ms);
}

/// Of three contexts, `victim` is destroyed after n rounds; `first` is who starts first.
bool once(int n, int victim, int first, const std::string& what) {
  acquired = released = 0;
  Spawned spawned[3];
  auto app = makeApp();
  bool over = true;
  {
    const layer::MemoMap map;
    std::unique_ptr<asio::io_context> io[3];
    for (auto& i : io) i = std::make_unique<asio::io_context>();
    const auto start = [&](int i) { spawned[i].start(*io[i], layer::run(app, use, map)); };
    start(first);
    io[first]->poll_one();
    io[first]->poll_one();
    for (int i = 0; i < 3; ++i)
      if (i != first) start(i);
    for (int k = 0; k < n; ++k) {
      for (auto& i : io) i->poll_one();
    }
    over = spawned[0].over() && spawned[1].over() && spawned[2].over();
    io[victim].reset();
    const auto until = std::chrono::steady_clock::now() + 2s;
    while (std::chrono::steady_clock::now() < until) {
      bool all = true;
      for (int i = 0; i < 3; ++i) {
        if (i == victim) continue;
        io[i]->restart();
        io[i]->poll();
        all = all && spawned[i].over();
      }
      if (all) break;
    }
    for (int i = 0; i < 3; ++i) {
      if (i != victim)
        field::expect(spawned[i].succeeded(),
                      what + " n=" + std::to_string(n) + ": context " + std::to_string(i) +
                          (spawned[i].over() ? " failed: " + spawned[i].text() : " hangs"));
    }
  }
  field::expect(Live::count == 0,
                what + " n=" + std::to_string(n) + ": left " + std::to_string(Live::count));
  field::expect(acquired - released >= 0 && acquired - released <= 1,
                what + " n=" + std::to_string(n) + ": acquired " + std::to_string(acquired) +
                    ", released " + std::to_string(released));
  return over || Live::count != 0;
}

/// A waits on B's layers and B waits on A's at once; one goes.
void crossed() {
  for (int victim = 0; victim < 2; ++victim) {
    for (int n = 0; n < 30; ++n) {
      struct X : Live {};
      struct Y : Live {};
      auto x = layer::effect([]() -> asio::awaitable<X> {
        for (int i = 0; i < 3; ++i) co_await sleepFor(0ms);
        co_return X{};
      });
      auto y = layer::effect([]() -> asio::awaitable<Y> {
        for (int i = 0; i < 3; ++i) co_await sleepFor(0ms);
        co_return Y{};
      });
      struct P : Live {};
      struct Q : Live {};
      auto p = layer::provide(layer::effect([](X&) -> asio::awaitable<P> {
                                co_await sleepFor(0ms);
                                co_return P{};
                              }),
                              x);
      auto q = layer::provide(layer::effect([](Y&) -> asio::awaitable<Q> {
                                co_await sleepFor(0ms);
                                co_return Q{};
                              }),
                              y);
      auto pq =
          layer::provideMerge(layer::effect([](P&) -> asio::awaitable<Y> { co_return Y{}; }), p);
      Spawned s[2];
      {
        const layer::MemoMap map;
        std::unique_ptr<asio::io_context> io[2] = {std::make_unique<asio::io_context>(),
                                                   std::make_unique<asio::io_context>()};
        s[0].start(*io[0], layer::run(layer::merge(p, q), [](P&, Q&) {}, map));
        s[1].start(*io[1], layer::run(layer::merge(q, pq), [](P&, Q&) {}, map));
        for (int k = 0; k < n; ++k) {
          io[0]->poll_one();
          io[1]->poll_one();
        }
        io[victim].reset();
        io[1 - victim]->run_for(2s);
        field::expect(s[1 - victim].succeeded(), "crossed: the other ends, n=" + std::to_string(n) +
                                                     " " + s[1 - victim].text());
      }
      field::expect(Live::count == 0, "crossed: something is left");
    }
  }
}
}  // namespace

int main() {
  for (int first = 0; first < 2; ++first) {
    for (int victim = 0; victim < 3; ++victim) {
      const std::string what =
          "first " + std::to_string(first) + " victim " + std::to_string(victim);
      for (int n = 0; n < 300 && !once(n, victim, first, what); ++n) {
      }
    }
  }
  crossed();
  return field::result();
}
