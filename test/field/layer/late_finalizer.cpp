// A coroutine that is added to a scope after its end gets an Exit that lives as long as it does.
#include "layers.hpp"

int main() {
  asio::io_context context;
  EventLog log;
  Spawned program;
  const auto work = [&]() -> asio::awaitable<void> {
    {
      layer::Scope scope;
      co_await scope.close(layer::Exit(std::make_exception_ptr(std::runtime_error("cause"))));
      scope.addFinalizer([&](const layer::Exit& exit) -> asio::awaitable<void> {
        co_await sleepFor(5ms);
        log.add(exit.succeeded() ? "succeeded" : "failed");
      });
    }
    co_await sleepFor(30ms);
  };
  program.start(context, work());
  context.run();
  field::expect(program.succeeded() && log.text() == "failed", "it sees the error: " + log.text());
  return field::result();
}
