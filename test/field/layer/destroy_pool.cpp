// A thread_pool of two threads that builds, uses and releases shared layers is stopped and destroyed at any moment; the
// runs of another pool that share them by the map end well, and a LayerMap's and a runtime's users too.
#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>
#include <atomic>
#include <future>
#include <random>

#include "layers.hpp"

namespace {
std::atomic<int> alive{0};
struct Db {
  Db() { ++alive; }
  ~Db() { --alive; }
};
struct Users {
  std::shared_ptr<Db> db;
};
auto makeApp() {
  auto db = layer::scoped([](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Db>> {
    scope.addFinalizer([]() -> asio::awaitable<void> { co_await asio::post(asio::use_awaitable); });
    co_await asio::post(asio::use_awaitable);
    co_return std::make_shared<Db>();
  });
  auto users = layer::effect([](std::shared_ptr<Db> d) -> asio::awaitable<Users> {
    co_await asio::post(asio::use_awaitable);
    co_return Users{d};
  });
  return layer::provide(users, db);
}
}  // namespace

int main() {
  const auto app = makeApp();
  std::mt19937 random(7);
  const auto body = [](Users&) -> asio::awaitable<void> {
    co_await asio::post(asio::use_awaitable);
  };
  int good = 0;
  const auto begin = std::chrono::steady_clock::now();
  int round = 0;
  for (; round < 150 && std::chrono::steady_clock::now() - begin < 6s; ++round) {
    const bool runtimeToo = round % 2;
    const layer::MemoMap map;
    layer::ManagedRuntime runtime(app, map);
    asio::thread_pool stays(2);
    auto goes = std::make_unique<asio::thread_pool>(2);
    const auto loop = [&](int times) -> asio::awaitable<void> {
      for (int i = 0; i < times; ++i) {
        if (runtimeToo && i % 2)
          co_await runtime.run(body);
        else
          co_await layer::run(app, body, map);
      }
    };
    for (int k = 0; k < 3; ++k)
      asio::co_spawn(asio::make_strand(*goes), loop(100000), asio::detached);
    std::vector<std::future<void>> ends;
    for (int k = 0; k < 3; ++k)
      ends.push_back(asio::co_spawn(asio::make_strand(stays), loop(8), asio::use_future));
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 4000));
    goes.reset();
    bool all = true;
    for (auto& end : ends) {
      if (end.wait_for(2s) != std::future_status::ready) {
        all = false;
        continue;
      }
      const std::string text = field::thrown([&] { end.get(); });
      if (!text.empty()) {
        all = false;
        field::expect(false, "round " + std::to_string(round) + ": " + text);
      }
    }
    field::expect(all, "round " + std::to_string(round) + ": the other pool's end");
    if (!all) std::_Exit(1);
    ++good;
    auto end = asio::co_spawn(asio::make_strand(stays), runtime.dispose(), asio::use_future);
    field::expect(end.wait_for(2s) == std::future_status::ready,
                  "round " + std::to_string(round) + ": dispose");
    if (end.wait_for(0s) != std::future_status::ready) std::_Exit(1);
    end.get();
    stays.join();
  }
  field::expect(good == round, "every round");
  field::expect(alive == 0, "none left");
  return field::result();
}
