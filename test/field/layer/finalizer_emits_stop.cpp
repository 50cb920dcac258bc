// A finalizer emits the program's own stop signal: run waits for the slow release all the same.
#include "layers.hpp"

struct A {};
struct B {};

int main() {
  asio::io_context context;
  EventLog log;
  Spawned program;
  const auto a = layer::scoped([&](layer::Scope& scope) {
    scope.addFinalizer([&]() -> asio::awaitable<void> {
      co_await sleepFor(20ms);
      log.add("released");
    });
    return A();
  });
  const auto b = layer::scoped([&](A&, layer::Scope& scope) {
    scope.addFinalizer([&] { program.cancel(); });
    return B();
  });
  const auto main = [&]() -> asio::awaitable<void> {
    co_await layer::run(layer::provide(b, a), [](B&) {});
    log.add("ended");
  };
  program.start(context, main());
  context.run();
  field::expect(log.text() == "released ended", log.text());
  return field::result();
}
