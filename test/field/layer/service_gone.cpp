// When run, dispose, Scope::close or a LayerMap's release have ended on a pool of four threads, the destructors
// of their services have run as well: what they refer to may go.
#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>
#include <atomic>
#include <future>

#include "layers.hpp"

namespace {
std::atomic<int> alive{0};
std::atomic<int> unordered{0};
struct Users {
  std::atomic<bool> open{true};
  Users() { ++alive; }
  ~Users() {
    std::this_thread::yield();
    --alive;
  }
};
struct Server {
  std::shared_ptr<Users> users;
  explicit Server(std::shared_ptr<Users> u) : users(std::move(u)) {}
  Server(Server&&) = default;
  // what it uses is not released before it is gone
  ~Server() {
    if (users && !users->open) ++unordered;
  }
};

auto makeApp() {
  auto users = layer::scoped([](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Users>> {
    auto made = std::make_shared<Users>();
    scope.addFinalizer([made]() -> asio::awaitable<void> {
      co_await asio::post(asio::use_awaitable);
      made->open = false;
    });
    scope.spawn([]() -> asio::awaitable<void> { co_await sleepFor(1h); }());
    co_await asio::post(asio::use_awaitable);
    co_return made;
  });
  return layer::provide(layer::sync([](std::shared_ptr<Users> u) { return Server{u}; }), users);
}
template <class Make>
void times(const std::string& what, int n, Make make) {
  int late = 0;
  for (int i = 0; i < n; ++i) {
    asio::thread_pool pool(4);
    make(pool, i);
    if (alive != 0) ++late;
    pool.join();
    field::expect(alive == 0, what + ": left");
  }
  const int wrongOrder = unordered.exchange(0);
  field::expect(wrongOrder == 0, what + ": a Server is destroyed after its Users were released, " +
                                     std::to_string(wrongOrder) + " times");
  field::expect(late == 0,
                what + ": destroyed late, " + std::to_string(late) + " of " + std::to_string(n));
}
const auto body = [](Server&) -> asio::awaitable<void> {
  co_await asio::post(asio::use_awaitable);
};
}  // namespace

int main() {
  const auto app = makeApp();
  for (const bool strand : {true, false}) {
    const std::string where = strand ? " on a strand" : " on the pool";
    const auto on = [strand](asio::thread_pool& pool) -> asio::any_io_executor {
      if (strand) return asio::make_strand(pool);
      return pool.get_executor();
    };
    times("run" + where, 150, [&](auto& pool, int) {
      asio::co_spawn(on(pool), layer::run(app, body), asio::use_future).get();
    });
    times("close" + where, 150, [&](auto& pool, int) {
      asio::co_spawn(
          on(pool),
          [](auto a) -> asio::awaitable<void> {
            layer::Scope scope;
            {
              auto context = co_await layer::build(a, scope);
            }
            co_await scope.close();
            if (alive != 0) field::expect(false, "close: destroyed when close has ended");
          }(app),
          asio::use_future)
          .get();
    });
    times("dispose" + where, 150, [&](auto& pool, int) {
      layer::ManagedRuntime runtime(app);
      asio::co_spawn(on(pool), runtime.run(body), asio::use_future).get();
      asio::co_spawn(on(pool), runtime.dispose(), asio::use_future).get();
    });
    for (const int runs : {1, 4}) {
      times("dispose under " + std::to_string(runs) + " runs" + where, 150, [&](auto& pool, int i) {
        layer::ManagedRuntime runtime(app);
        for (int k = 0; k < runs; ++k) {
          asio::co_spawn(
              on(pool),
              [](auto r) -> asio::awaitable<void> {
                for (;;) co_await r.run(body);
              }(runtime),
              asio::detached);
        }
        if (i % 2) std::this_thread::sleep_for(1ms);
        asio::co_spawn(on(pool), runtime.dispose(), asio::use_future).get();
      });
    }
    times("two runs, one map" + where, 150, [&](auto& pool, int) {
      const layer::MemoMap map;
      auto a = asio::co_spawn(on(pool), layer::run(app, body, map), asio::use_future);
      auto b = asio::co_spawn(on(pool), layer::run(app, body, map), asio::use_future);
      a.get();
      b.get();
    });
    times("a LayerMap" + where, 100, [&](auto& pool, int) {
      auto keys = layer::layerMap([&app](const int&) { return app; }, {0ms});
      asio::co_spawn(on(pool),
                     layer::run(keys,
                                [](layer::LayerMap<int, Server>& map) -> asio::awaitable<void> {
                                  for (int k = 0; k < 4; ++k) co_await map.run(k, body);
                                }),
                     asio::use_future)
          .get();
    });
  }
  return field::result();
}
