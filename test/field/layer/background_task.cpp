// A layer's background task is cancelled and awaited at its end, and ends the program with its error
// when it fails.
#include "layers.hpp"

struct Cache {};

namespace {

struct AcceptFailed : std::runtime_error {
  AcceptFailed() : std::runtime_error("accept failed") {}
};

auto sweeper(EventLog& log) {
  return layer::effectDiscard([&log](Cache&, layer::Scope& scope) {
    scope.addFinalizer([&log] { log.add("after"); });
    const auto sweep = [](EventLog& events) -> asio::awaitable<void> {
      try {
        co_await sleepFor(1h);
      } catch (const std::system_error&) {
        events.add("cancelled");
      }
      co_await asio::this_coro::reset_cancellation_state();
      co_await sleepFor(5ms);
      events.add("swept");
    };
    scope.spawn(sweep(log));
  });
}

asio::awaitable<void> failSoon() {
  co_await sleepFor(10ms);
  throw AcceptFailed();
}

auto failing(EventLog& log) {
  return layer::effectDiscard([&log](layer::Scope& scope) -> asio::awaitable<void> {
    scope.addFinalizer([&log] { log.add("released"); });
    scope.spawn(failSoon());
    co_return;
  });
}

}  // namespace

int main() {
  const auto cache = layer::sync([] { return Cache(); });
  {
    EventLog log;
    asio::io_context context;
    Spawned server;
    server.start(context, layer::launch(layer::provide(sweeper(log), cache)));
    after(context, 20ms, [&] { server.cancel(); });
    context.run();
    field::expect(server.aborted() && log.text() == "cancelled swept after", log.text());
  }
  {
    EventLog log;
    asio::io_context context;
    Spawned server;
    server.start(context, layer::launch(layer::merge(failing(log), cache)));
    context.run_for(5s);
    field::expect(server.failedWith<AcceptFailed>() && log.text() == "released", "launch ends");
  }
  {
    EventLog log;
    asio::io_context context;
    Spawned program;
    const auto l = layer::provideMerge(cache, failing(log));
    program.start(context, layer::run(l, [](Cache&) { return sleepFor(1h); }));
    context.run_for(5s);
    field::expect(program.failedWith<AcceptFailed>() && log.text() == "released", "run ends");
  }
  {
    EventLog log;
    asio::io_context context;
    const layer::ManagedRuntime<Cache> runtime(layer::provideMerge(cache, failing(log)));
    bool again = false;
    const auto work = [&]() -> asio::awaitable<void> {
      std::exception_ptr error;
      try {
        auto body = [](Cache&) { return sleepFor(1h); };
        co_await runtime.run(body);
      } catch (const AcceptFailed&) {
        error = std::current_exception();
      }
      try {
        co_await runtime.context();
      } catch (const AcceptFailed&) {
        again = true;
      }
      co_await runtime.dispose();
      if (error) std::rethrow_exception(error);
    };
    Spawned program;
    program.start(context, work());
    context.run_for(5s);
    field::expect(program.failedWith<AcceptFailed>() && again && log.text() == "released",
                  "a runtime ends: " + program.text());
  }
  return field::result();
}
