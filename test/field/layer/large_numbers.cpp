// Numbers do not matter: 20000 finalizers of both kinds, 2000 tasks, 3000 waiters of one layer, 1500 keys, a chain
// of 500 layers, 3000 retries at once and 3000 runs in a row need neither stack nor much time.
#include "layers.hpp"
#include "support/run.hpp"

namespace {
using persistance::test::run;
struct Database {
  int n = 1;
};
struct Conn {
  int id;
};
using Any = layer::Layer<layer::Requires<>, layer::Provides<Database>>;
}  // namespace

int main() {
  {
    int ran = 0;
    auto app = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Database> {
      for (int i = 0; i < 10000; ++i) {
        scope.addFinalizer([&] { ++ran; });
        scope.addFinalizer([&]() -> asio::awaitable<void> {
          ++ran;
          co_return;
        });
      }
      co_return Database{};
    });
    run([&] { return layer::run(app, [](Database&) {}); });
    field::expect(ran == 20000, "finalizers");
  }
  {
    int over = 0;
    struct Over {
      int* n;
      ~Over() { ++*n; }
    };
    auto app = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Database> {
      for (int i = 0; i < 2000; ++i) {
        scope.spawn([](auto o, int k) -> asio::awaitable<void> {
          (void)o;
          if (k % 2) co_await sleepFor(1h);
          co_return;
        }(std::make_unique<Over>(&over), i));
      }
      co_return Database{};
    });
    run([&] {
      return layer::run(app, [](Database&) -> asio::awaitable<void> { co_await sleepFor(1ms); });
    });
    field::expect(over == 2000, "tasks " + std::to_string(over));
  }
  {
    int built = 0, good = 0;
    auto app = layer::effect([&]() -> asio::awaitable<Database> {
      ++built;
      co_await sleepFor(5ms);
      co_return Database{};
    });
    const layer::MemoMap map;
    asio::io_context io;
    for (int i = 0; i < 3000; ++i)
      asio::co_spawn(io, layer::run(app, [&](Database& d) { good += d.n; }, map), asio::detached);
    io.run();
    field::expect(good == 3000 && built == 1,
                  "waiters " + std::to_string(good) + " " + std::to_string(built));
  }
  {
    int released = 0;
    auto keys = layer::layerMap(
        [&](const int& id) {
          return layer::scoped([&, id](layer::Scope& scope) {
            scope.addFinalizer([&]() -> asio::awaitable<void> {
              ++released;
              co_return;
            });
            return Conn{id};
          });
        },
        {1h});
    run([&] {
      return layer::run(keys, [&](layer::LayerMap<int, Conn>& map) -> asio::awaitable<void> {
        for (int i = 0; i < 1500; ++i) co_await map.run(i, [](Conn&) {});
        field::expect(map.keys().size() == 1500, "keys");
      });
    });
    field::expect(released == 1500, "keys released");
  }
  {
    Any chain = layer::succeed(Database{0});
    for (int i = 0; i < 500; ++i)
      chain = layer::provide(layer::sync([](Database& d) { return Database{d.n + 1}; }), chain);
    const int n = run([&] { return layer::run(chain, [](Database& d) { return d.n; }); });
    field::expect(n == 500, "a chain of provide");
    Any maps = layer::succeed(Database{0});
    for (int i = 0; i < 500; ++i)
      maps = layer::flatMap(maps, [](Database& d) { return layer::succeed(Database{d.n + 1}); });
    field::expect(run([&] { return layer::run(maps, [](Database& d) { return d.n; }); }) == 500,
                  "a chain of flatMap");
    Any tries = layer::effect([]() -> asio::awaitable<Database> {
      throw std::runtime_error("x");
      co_return Database{};
    });
    for (int i = 0; i < 500; ++i) tries = layer::tapError(tries, [] {});
    field::expect(
        field::thrown([&] { run([&] { return layer::run(tries, [](Database&) {}); }); }) == "x",
        "a chain of tapError");
    std::size_t size = layer::graph(chain).size();
    field::expect(size > 500, "a graph of 500");
  }
  {
    int tries = 0;
    auto app = layer::retry(layer::sync([&] {
                              if (++tries <= 3000) throw std::runtime_error("x");
                              return Database{};
                            }),
                            layer::Schedule::immediate().forever());
    run([&] { return layer::run(app, [](Database&) {}); });
    field::expect(tries == 3001, "retries");
  }
  {
    auto app = layer::sync([] { return Database{}; });
    const int n = run([&]() -> asio::awaitable<int> {
      int sum = 0;
      for (int i = 0; i < 3000; ++i)
        sum += co_await layer::run(app, [](Database& d) { return d.n; });
      co_return sum;
    });
    field::expect(n == 3000, "runs in a row");
  }
  return field::result();
}
