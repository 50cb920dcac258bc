// A scope, a runtime, and a runtime inside of its own run are closed by a coroutine that has been
// cancelled: all is released before the await ends.
#include "layers.hpp"

struct Db {};

namespace {

auto database(EventLog& log) {
  return layer::scoped([&log](layer::Scope& scope) {
    log.add("acquire");
    scope.addFinalizer([&log]() -> asio::awaitable<void> {
      co_await sleepFor(5ms);
      log.add("release");
    });
    return Db();
  });
}

asio::awaitable<void> byHand(EventLog& log) {
  layer::Scope scope;
  std::exception_ptr error;
  try {
    co_await layer::build(database(log), scope);
    co_await sleepFor(1h);
  } catch (...) {
    error = std::current_exception();
  }
  co_await scope.close(layer::Exit(error));
  log.add("closed");
}

asio::awaitable<void> byRuntime(EventLog& log) {
  layer::ManagedRuntime runtime(database(log));
  try {
    co_await runtime.run([](Db&) {});
    co_await sleepFor(1h);
  } catch (...) {
    log.add("cancelled");
  }
  co_await runtime.dispose();
  log.add("disposed");
}

asio::awaitable<void> insideOfRun(EventLog& log) {
  layer::ManagedRuntime runtime(database(log));
  auto body = [runtime, &log](Db&) -> asio::awaitable<void> {
    co_await runtime.dispose();
    log.add("disposed inside");
  };
  co_await runtime.run(body);
}

std::string run(asio::awaitable<void> (*program)(EventLog&), bool cancelled) {
  EventLog log;
  asio::io_context context;
  Spawned spawned;
  spawned.start(context, program(log));
  if (cancelled) after(context, 20ms, [&] { spawned.cancel(); });
  context.run();
  return log.text();
}

}  // namespace

int main() {
  field::expect(run(byHand, true) == "acquire release closed", "a scope");
  field::expect(run(byRuntime, true) == "acquire cancelled release disposed", "a runtime");
  field::expect(run(insideOfRun, false) == "acquire release disposed inside", "inside of a run");
  return field::result();
}
