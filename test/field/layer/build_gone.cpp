// A build that goes on for one who waits on another thread is cancelled by that one, and the io_context on which it is
// built is destroyed just then, with a completion of its function on the way: nothing touches what is gone.
#include <atomic>
#include <functional>

#include "slow_to_cancel.hpp"

namespace {
struct Users {};
}  // namespace

int main() {
  auto app = layer::effect([]() -> asio::awaitable<std::shared_ptr<Users>> {
    co_await slowToCancel();
    co_return std::make_shared<Users>();
  });
  for (const bool destroyed : {false, true}) {
    entered = left = false;
    const layer::MemoMap map;
    std::atomic<bool> building{false}, waits{false}, over{false}, alone{false};
    std::thread first([&] {
      asio::cancellation_signal signal;
      auto io = std::make_unique<asio::io_context>();
      asio::co_spawn(*io,
                     layer::run(
                         app, [](Users&) {}, map),
                     asio::bind_cancellation_slot(signal.slot(), asio::detached));
      io->poll();
      building = true;
      while (!waits) std::this_thread::yield();
      // from here on the build is the second's alone
      signal.emit(asio::cancellation_type::terminal);
      io->restart();
      io->run_for(5ms);
      alone = true;
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
      while (!building) std::this_thread::yield();
      Spawned s;
      asio::io_context io;
      s.start(io, layer::run(app, [](Users&) {}, map));
      io.poll();
      waits = true;
      while (!alone) std::this_thread::yield();
      s.cancel();
      for (int i = 0; i < 200 && !s.over(); ++i) {
        io.restart();
        io.run_one_for(10ms);
      }
      field::expect(s.aborted() || s.succeeded(),
                    std::string("the second ends: ") + (s.over() ? s.text() : "hangs"));
      over = true;
    });
    first.join();
    second.join();
    field::expect(entered, "the cancellation came");
    complete = nullptr;
  }
  return field::result();
}
