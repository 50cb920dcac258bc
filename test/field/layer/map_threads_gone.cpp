// A LayerMap served by threads with contexts of their own, one of which is destroyed at a random moment, again and
// again: the others are served to the end, and the map is released.
#include <asio/use_future.hpp>
#include <atomic>
#include <future>

#include "layers.hpp"

namespace {
std::atomic<int> alive{0};
struct Conn {
  int id;
  explicit Conn(int i) : id(i) { ++alive; }
  ~Conn() { --alive; }
};
using Conns = layer::LayerMap<int, Conn>;
}  // namespace

int main() {
  for (const auto idle : {0ms, 1ms, std::chrono::milliseconds::max()}) {
    for (int round = 0; round < 25; ++round) {
      const std::string what =
          "idle " + std::to_string(idle.count()) + " round " + std::to_string(round);
      auto keys = layer::layerMap(
          [](const int& id) {
            return layer::scoped(
                [id](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Conn>> {
                  scope.addFinalizer(
                      []() -> asio::awaitable<void> { co_await asio::post(asio::use_awaitable); });
                  co_await asio::post(asio::use_awaitable);
                  scope.spawn([]() -> asio::awaitable<void> { co_await sleepFor(1h); }());
                  co_return std::make_shared<Conn>(id);
                });
          },
          {idle});
      asio::io_context home;
      auto guard = asio::make_work_guard(home);
      std::thread server([&] { home.run(); });
      layer::ManagedRuntime runtime(keys);
      const auto held =
          asio::co_spawn(home, runtime.run([](std::shared_ptr<Conns> m) { return m; }),
                         asio::use_future)
              .get();
      const Conns map = *held;
      const auto loop = [map](int seed, int times) -> asio::awaitable<void> {
        unsigned x = unsigned(seed) * 2654435761u + 1;
        for (int i = 0; i < times; ++i) {
          x = x * 1664525u + 1013904223u;
          const int key = int((x >> 20) % 3u);
          if ((x >> 10) % 5u == 0)
            co_await map.invalidate(key);
          else if ((x >> 10) % 5u == 1)
            co_await map.preload(key);
          else
            co_await map.run(key, [](Conn&) -> asio::awaitable<void> {
              co_await asio::post(asio::use_awaitable);
            });
        }
      };
      std::atomic<int> good{0};
      std::vector<std::thread> crew;
      for (int t = 0; t < 2; ++t) {
        crew.emplace_back([&, t] {
          asio::io_context io;
          std::string text = "hangs";
          asio::co_spawn(io, loop(t + round, 12), [&](std::exception_ptr e) {
            text = e ? field::thrown([&] { std::rethrow_exception(e); }) : "";
            if (!e) ++good;
          });
          const auto until = std::chrono::steady_clock::now() + 2s;
          while (text == "hangs" && std::chrono::steady_clock::now() < until) {
            io.restart();
            io.run_for(2ms);
          }
          // what this context still has to release goes on elsewhere or is lost
          io.restart();
          io.run_for(2ms);
          if (!text.empty())
            std::cerr << what + ": thread " + std::to_string(t) + ": " + text + "\n";
        });
      }
      {
        auto io = std::make_unique<asio::io_context>();
        asio::co_spawn(*io, loop(77 + round, 1000), asio::detached);
        asio::co_spawn(*io, loop(99 + round, 1000), asio::detached);
        for (int i = 0; i < 5 + round * 2; ++i) io->poll_one();
        io.reset();
      }
      for (auto& t : crew) t.join();
      field::expect(good == 2, what + ": the others are served");
      auto end = asio::co_spawn(home, runtime.dispose(), asio::use_future);
      const bool ended = end.wait_for(1s) == std::future_status::ready;
      field::expect(ended, what + ": the map is released");
      guard.reset();
      home.stop();
      server.join();
      if (!ended || field::wrong) return field::result();
    }
  }
  field::expect(alive == 0, "none left");
  return field::result();
}
