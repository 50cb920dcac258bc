// A build into a scope that is closed, or that its caller closes, cancelled after every step.
#include "layers.hpp"

struct Db {};

namespace {

int acquired = 0;
int released = 0;

auto database() {
  return layer::scoped([](layer::Scope& scope) -> asio::awaitable<Db> {
    ++acquired;
    scope.addFinalizer([]() -> asio::awaitable<void> {
      ++released;
      co_return;
    });
    co_await asio::post(asio::use_awaitable);
    co_return Db();
  });
}

asio::awaitable<void> intoClosed() {
  layer::Scope scope;
  co_await scope.close();
  co_await layer::build(database(), scope);
}

asio::awaitable<void> intoOpen() {
  layer::Scope scope;
  std::exception_ptr error;
  try {
    co_await layer::build(database(), scope);
    co_await asio::post(asio::use_awaitable);
    co_await sleepFor(1ms);
  } catch (...) {
    error = std::current_exception();
  }
  co_await scope.close(layer::Exit(error));
}

}  // namespace

int main() {
  for (const auto program : {intoClosed, intoOpen}) {
    for (int step = 0; step < 16; ++step) {
      asio::io_context context;
      Spawned spawned;
      spawned.start(context, program());
      for (int i = 0; i < step && !spawned.over(); ++i) context.run_one();
      spawned.cancel();
      context.run();
      field::expect(spawned.over(), "ended after step " + std::to_string(step));
      field::expect(acquired == released, "released after step " + std::to_string(step));
    }
  }
  field::expect(acquired > 10, "it was built");
  return field::result();
}
