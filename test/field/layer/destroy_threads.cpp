// Contexts on threads of their own share a MemoMap; one is stopped and destroyed at a random moment,
// again and again, and the two others always end well, with at most one database at a time in use.
#include <atomic>

#include "layers.hpp"

namespace {
std::atomic<int> alive{0};
struct Database {
  Database() { ++alive; }
  ~Database() { --alive; }
};
struct Users {
  std::shared_ptr<Database> db;
};
}  // namespace

int main() {
  auto database =
      layer::scoped([](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Database>> {
        scope.addFinalizer(
            []() -> asio::awaitable<void> { co_await asio::post(asio::use_awaitable); });
        co_await asio::post(asio::use_awaitable);
        scope.spawn([]() -> asio::awaitable<void> { co_await sleepFor(1h); }());
        co_return std::make_shared<Database>();
      });
  auto users = layer::effect([](std::shared_ptr<Database> db) -> asio::awaitable<Users> {
    co_await asio::post(asio::use_awaitable);
    co_return Users{db};
  });
  auto app = layer::provide(users, database);
  std::atomic<int> good{0}, bad{0};
  for (int round = 0; round < 60; ++round) {
    const layer::MemoMap map;
    std::atomic<bool> go{false};
    const auto loop = [&](int times) -> asio::awaitable<void> {
      for (int i = 0; i < times; ++i) {
        co_await layer::run(
            app,
            [](Users& u) -> asio::awaitable<void> {
              (void)u;
              co_await asio::post(asio::use_awaitable);
            },
            map);
      }
    };
    const auto survivor = [&] {
      asio::io_context io;
      asio::co_spawn(io, loop(5), [&](std::exception_ptr e) {
        if (e)
          ++bad;
        else
          ++good;
        if (e) std::cerr << field::thrown([&] { std::rethrow_exception(e); }) << '\n';
      });
      while (!go) {
      }
      io.run();
    };
    std::thread a(survivor), b(survivor), victim([&] {
      asio::io_context io;
      asio::co_spawn(io, loop(1000), asio::detached);
      asio::co_spawn(io, loop(1000), asio::detached);
      go = true;
      for (int i = 0; i < 7 + round * 3; ++i) io.poll_one();
    });
    victim.join();
    a.join();
    b.join();
  }
  field::expect(bad == 0, "no survivor fails");
  field::expect(good == 120, "every survivor ends");
  field::expect(alive == 0, "nothing is left");
  return field::result();
}
