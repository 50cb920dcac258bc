// A task of a shared layer is cancelled by its last user on another thread, and its io_context is destroyed just then,
// while a completion of the task stands before the cancellation's end: nothing touches the io_context that is gone.
#include <atomic>
#include <functional>

#include "slow_to_cancel.hpp"

namespace {
struct Users {};
}  // namespace

int main() {
  auto app = layer::scoped([](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Users>> {
    scope.spawn(slowToCancel());
    co_return std::make_shared<Users>();
  });
  for (const bool destroyed : {false, true}) {
    entered = left = false;
    const layer::MemoMap map;
    std::atomic<bool> built{false}, over{false};
    std::thread first([&] {
      asio::cancellation_signal signal;
      auto io = std::make_unique<asio::io_context>();
      asio::co_spawn(*io,
                     layer::run(
                         app,
                         [&](Users&) -> asio::awaitable<void> {
                           built = true;
                           co_await sleepFor(1h);
                         },
                         map),
                     asio::bind_cancellation_slot(signal.slot(), asio::detached));
      for (int i = 0; i < 200 && !built; ++i) io->run_one_for(1ms);
      while (!built) {
      }
      io->poll();
      // the layer is the second's alone from here on
      std::this_thread::sleep_for(10ms);
      signal.emit(asio::cancellation_type::terminal);
      io->poll();
      while (!entered && !over) {
        io->restart();
        io->run_one_for(1ms);
      }
      complete();
      io->restart();
      io->poll();
      if (destroyed)
        io.reset();
      else
        while (!over) {
          io->restart();
          io->run_one_for(1ms);
        }
      while (!over) std::this_thread::yield();
    });
    std::thread second([&] {
      Spawned s;
      asio::io_context io;
      while (!built) std::this_thread::yield();
      s.start(io, layer::run(
                      app, [&](Users&) -> asio::awaitable<void> { co_await sleepFor(60ms); }, map));
      for (int i = 0; i < 400 && !s.over(); ++i) {
        io.restart();
        io.run_one_for(10ms);
      }
      field::expect(s.succeeded(),
                    std::string("the second ends well: ") + (s.over() ? s.text() : "hangs"));
      over = true;
    });
    first.join();
    second.join();
    field::expect(entered, "the cancellation came");
    complete = nullptr;
  }
  return field::result();
}
