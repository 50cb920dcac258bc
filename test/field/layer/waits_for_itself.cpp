// What would wait for itself for ever is an error: a finalizer that closes its own scope or asks for
// its own layer, a layer that asks the runtime that builds it, or disposes of it.
#include <optional>

#include "layers.hpp"

struct Db {};
using DbLayer = layer::Layer<layer::Requires<>, layer::Provides<Db>>;

namespace {

std::string endOf(asio::awaitable<void> work) {
  asio::io_context context;
  Spawned program;
  program.start(context, std::move(work));
  context.run_for(5s);
  return program.over() ? program.text() : "does not end";
}

bool says(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

asio::awaitable<void> closesItself() {
  layer::Scope scope;
  scope.addFinalizer([scope]() -> asio::awaitable<void> { co_await scope.close(); });
  co_await scope.close();
}

asio::awaitable<void> asksItself() {
  layer::MemoMap map;
  std::optional<DbLayer> self;
  const DbLayer db = layer::scoped([&](layer::Scope& scope) {
    scope.addFinalizer([&]() -> asio::awaitable<void> {
      auto body = [](Db&) {};
      co_await layer::run(*self, body, map);
    });
    return Db();
  });
  self.emplace(db);
  auto body = [](Db&) {};
  co_await layer::run(db, body, map);
}

asio::awaitable<void> asksItsRuntime(bool disposes) {
  std::optional<layer::ManagedRuntime<Db>> runtime;
  runtime.emplace(layer::effect([&]() -> asio::awaitable<Db> {
    if (disposes) {
      co_await runtime->dispose();
    } else {
      co_await runtime->context();
    }
    co_return Db();
  }));
  co_await runtime->context();
}

// A task in the background may ask for its own layer: nobody waits for the task.
asio::awaitable<void> asksInBackground(EventLog& log) {
  std::optional<layer::ManagedRuntime<Db>> runtime;
  const auto ask = [&]() -> asio::awaitable<void> {
    auto body = [&](Db&) { log.add("asked"); };
    co_await runtime->run(body);
  };
  runtime.emplace(layer::effect([&]() -> asio::awaitable<Db> {
    asio::co_spawn(co_await asio::this_coro::executor, ask(), asio::detached);
    co_await sleepFor(5ms);
    co_return Db();
  }));
  co_await runtime->context();
  co_await sleepFor(5ms);
  co_await runtime->dispose();
}

}  // namespace

int main() {
  field::expect(says(endOf(closesItself()), "closes the scope that waits for it"), "closes itself");
  field::expect(says(endOf(asksItself()), "waits for itself"), "a finalizer asks for its layer");
  field::expect(says(endOf(asksItsRuntime(false)), "waits for itself"), "a layer asks its runtime");
  field::expect(says(endOf(asksItsRuntime(true)), "disposes of a runtime"), "or disposes of it");
  EventLog log;
  field::expect(endOf(asksInBackground(log)).empty() && log.text() == "asked", "in the background");
  return field::result();
}
