// What is dropped without its end (a runtime, a scope with a build in it, a LayerMap's scope, a Context) does not leak,
// does not run finalizers, cancels its tasks, and lets the io_context run out.
#include "layers.hpp"

namespace {
struct Live {
  static inline int count = 0;
  Live() { ++count; }
  Live(const Live&) { ++count; }
  ~Live() { --count; }
};
struct Users : Live {};
int finalizers = 0, tasksOver = 0;
struct Over {
  ~Over() { ++tasksOver; }
};
auto users() {
  return layer::scoped([](layer::Scope& scope) -> asio::awaitable<Users> {
    scope.addFinalizer([live = Live()]() -> asio::awaitable<void> {
      ++finalizers;
      co_return;
    });
    scope.spawn([](auto over) -> asio::awaitable<void> {
      (void)over;
      co_await sleepFor(1h);
    }(std::make_unique<Over>()));
    co_await sleepFor(0ms);
    co_return Users{};
  });
}
template <class F>
void dropped(const std::string& what, F f) {
  finalizers = tasksOver = 0;
  Spawned s;
  {
    asio::io_context io;
    f(s, io);
    const auto begin = std::chrono::steady_clock::now();
    io.restart();
    io.run_for(500ms);
    field::expect(std::chrono::steady_clock::now() - begin < 400ms,
                  what + ": the io_context runs out");
    field::expect(s.over() && s.succeeded(), what + ": " + s.text());
    field::expect(finalizers == 0, what + ": no finalizer runs: " + std::to_string(finalizers));
    field::expect(tasksOver == 1, what + ": the task is cancelled: " + std::to_string(tasksOver));
    field::expect(Live::count == 0,
                  what + ": left while the context is there: " + std::to_string(Live::count));
  }
  field::expect(Live::count == 0, what + ": left: " + std::to_string(Live::count));
}
}  // namespace

int main() {
  dropped("runtime", [](Spawned& s, asio::io_context& io) {
    layer::ManagedRuntime runtime(users());
    s.start(io, runtime.run([](Users&) {}));
    io.run_for(20ms);
  });
  dropped("runtime in a coroutine", [](Spawned& s, asio::io_context& io) {
    s.start(io, []() -> asio::awaitable<void> {
      layer::ManagedRuntime runtime(users());
      (void)co_await runtime.context();
    }());
  });
  dropped("scope with a build", [](Spawned& s, asio::io_context& io) {
    s.start(io, []() -> asio::awaitable<void> {
      layer::Scope scope;
      (void)co_await layer::build(users(), scope);
    }());
  });
  dropped("scope first, context later", [](Spawned& s, asio::io_context& io) {
    s.start(io, []() -> asio::awaitable<void> {
      std::optional<layer::Context<Users>> context;
      {
        layer::Scope scope;
        context = co_await layer::build(users(), scope);
      }
      co_await sleepFor(1ms);
      (void)context->get<Users>();
    }());
  });
  dropped("two scopes, one map", [](Spawned& s, asio::io_context& io) {
    s.start(io, []() -> asio::awaitable<void> {
      const layer::MemoMap map;
      const auto app = users();
      layer::Scope one, two;
      (void)co_await layer::build(app, one, map);
      (void)co_await layer::build(app, two, map);
    }());
  });
  // awaitables of close and dispose that are dropped
  {
    Spawned s;
    asio::io_context io;
    finalizers = 0;
    s.start(io, []() -> asio::awaitable<void> {
      layer::Scope scope;
      (void)co_await layer::build(users(), scope);
      {
        auto never = scope.close();
        (void)never;
      }
      field::expect(finalizers == 0, "a dropped close does nothing");
      co_await scope.close();
      field::expect(finalizers == 1, "then it closes");
      auto end = scope.close();
      auto moved = std::move(end);
      co_await std::move(moved);
    }());
    io.run_for(500ms);
    field::expect(s.succeeded(), "dropped awaitables: " + s.text());
  }
  field::expect(Live::count == 0, "left");
  return field::result();
}
