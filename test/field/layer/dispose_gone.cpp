// dispose on one thread cancels a run's body on another, whose io_context is destroyed just then, while a completion of
// the body stands before the cancellation's end: nothing touches the io_context that is gone; the same of a LayerMap's run.
#include <atomic>
#include <functional>

#include "slow_to_cancel.hpp"

namespace {
struct Users {};
struct Conn {};
}  // namespace

int main() {
  for (const bool keyed : {false, true}) {
    entered = left = false;
    std::atomic<bool> running{false}, over{false};
    auto keys =
        layer::layerMap([](const int&) { return layer::sync([] { return Conn{}; }); }, {0ms});
    layer::ManagedRuntime runtime(keys);
    std::thread first([&] {
      auto io = std::make_unique<asio::io_context>();
      asio::co_spawn(*io,
                     runtime.run([&](layer::LayerMap<int, Conn>& map) -> asio::awaitable<void> {
                       running = true;
                       if (keyed)
                         co_await map.run(1, [](Conn&) { return slowToCancel(); });
                       else
                         co_await slowToCancel();
                     }),
                     asio::detached);
      while (!entered && !over) {
        io->restart();
        io->run_one_for(1ms);
      }
      complete();
      io->restart();
      io->poll();
      io.reset();
      while (!over) std::this_thread::yield();
    });
    std::thread second([&] {
      while (!running) std::this_thread::yield();
      std::this_thread::sleep_for(20ms);
      Spawned s;
      asio::io_context io;
      s.start(io, runtime.dispose());
      for (int i = 0; i < 200 && !s.over(); ++i) {
        io.restart();
        io.run_one_for(10ms);
      }
      field::expect(s.succeeded(), std::string("disposed of: ") + (s.over() ? s.text() : "hangs"));
      over = true;
    });
    first.join();
    second.join();
    field::expect(entered, "the cancellation came");
    complete = nullptr;
  }
  return field::result();
}
