// Retrying at once for ever does not block the thread: timers, a timeout around it, a cancellation and a signal's
// handler get their turn, with a plain function, a coroutine that never waits, and a layer below that fails.
#include "layers.hpp"

namespace {
struct Database {};
template <class L>
void spin(const std::string& what, const L& failing) {
  const auto retried = layer::retry(failing, layer::Schedule::immediate().forever());
  {
    Spawned s;
    asio::io_context io;
    bool ticked = false;
    s.start(io, layer::run(retried, [](Database&) {}));
    after(io, 5ms, [&] { ticked = true; });
    after(io, 10ms, [&] { s.cancel(); });
    io.run_for(3s);
    field::expect(ticked, what + ": timers run");
    field::expect(s.aborted(), what + ": cancelled: " + (s.over() ? s.text() : "hangs"));
  }
  {
    Spawned s;
    asio::io_context io;
    s.start(io, layer::run(layer::timeout(retried, 10ms), [](Database&) {}));
    io.run_for(3s);
    field::expect(s.template failedWith<layer::BuildTimeout>(),
                  what + ": timeout: " + (s.over() ? s.text() : "hangs"));
  }
  {
    Spawned s;
    asio::io_context io;
    s.start(io, layer::launch(retried, {500ms}));
    after(io, 10ms, [&] { s.cancel(); });
    io.run_for(3s);
    field::expect(s.aborted(), what + ": launch: " + (s.over() ? s.text() : "hangs"));
  }
}
}  // namespace

int main() {
  std::thread([] {
    std::this_thread::sleep_for(20s);
    std::cerr << "wrong: it blocks the thread\n" << std::flush;
    ::_exit(1);
  }).detach();
  spin("sync", layer::sync([]() -> Database { throw std::runtime_error("x"); }));
  spin("effect", layer::effect([]() -> asio::awaitable<Database> {
         throw std::runtime_error("x");
         co_return Database{};
       }));
  struct Config {};
  spin("below", layer::provide(layer::sync([](Config&) { return Database{}; }),
                               layer::sync([]() -> Config { throw std::runtime_error("x"); })));
  spin("spaced 0", layer::retry(layer::sync([]() -> Database { throw std::runtime_error("x"); }),
                                layer::Schedule::spaced(0ms).times(3)));
  return field::result();
}
