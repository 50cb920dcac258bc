// A Scope& in ManagedRuntime::run is that run's own; and run leaves its caller's cancellation
// filter as it was.
#include "layers.hpp"

struct Db {};

namespace {

asio::awaitable<void> requests(EventLog& log) {
  layer::ManagedRuntime runtime(layer::sync([] { return Db(); }));
  for (int i = 0; i < 3; ++i) {
    auto body = [i, &log](Db&, layer::Scope& scope) {
      log.add("request" + std::to_string(i));
      scope.addFinalizer([i, &log] { log.add("release" + std::to_string(i)); });
    };
    co_await runtime.run(body);
  }
  log.add("dispose");
  co_await runtime.dispose();
}

asio::awaitable<void> filtered() {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  auto body = [](Db&) {};
  co_await layer::run(layer::sync([] { return Db(); }), body);
  co_await sleepFor(1h);
}

}  // namespace

int main() {
  {
    EventLog log;
    asio::io_context context;
    Spawned program;
    program.start(context, requests(log));
    context.run();
    field::expect(log.text() == "request0 release0 request1 release1 request2 release2 dispose",
                  log.text());
  }
  {
    asio::io_context context;
    asio::cancellation_signal signal;
    bool over = false;
    asio::co_spawn(
        context, filtered(),
        asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr) { over = true; }));
    after(context, 20ms, [&] { signal.emit(asio::cancellation_type::total); });
    context.run_for(5s);
    field::expect(over, "a total cancellation arrives after run");
  }
  return field::result();
}
