// A layer's function starts a loop on its executor, and its finalizer touches what the loop does;
// four threads. On a strand that is right as it is; without one the loop gets a strand of its own,
// and what else runs on the executor of the function runs side by side.
#include <atomic>

#include "layers.hpp"

struct Server {
  explicit Server(asio::any_io_executor executor_) : executor(executor_), timer(executor_) {}
  asio::any_io_executor executor;
  asio::steady_timer timer;
  std::vector<std::string> sessions;
  bool stop = false;
};

namespace {

asio::awaitable<void> loop(std::shared_ptr<Server> server) {
  while (!server->stop) {
    server->sessions.push_back("session");
    if (server->sessions.size() > 100) server->sessions.clear();
    server->timer.expires_after(1ms);
    asio::error_code ignored;
    co_await server->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

auto onItsExecutor() {
  return layer::scoped([](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Server>> {
    auto server = std::make_shared<Server>(co_await asio::this_coro::executor);
    asio::co_spawn(server->executor, loop(server), asio::detached);
    scope.addFinalizer([server] {
      server->stop = true;
      server->sessions.clear();
      server->timer.cancel();
    });
    co_return server;
  });
}

auto onItsStrand() {
  return layer::scoped([](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Server>> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    auto server = std::make_shared<Server>(asio::make_strand(executor));
    asio::co_spawn(server->executor, loop(server), asio::detached);
    scope.addFinalizer([server]() -> asio::awaitable<void> {
      co_await asio::post(asio::bind_executor(server->executor, asio::use_awaitable));
      server->stop = true;
      server->sessions.clear();
      server->timer.cancel();
    });
    co_return server;
  });
}

auto supervised() {
  return layer::scoped([](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Server>> {
    auto server = std::make_shared<Server>(co_await asio::this_coro::executor);
    scope.addFinalizer([server] { server->sessions.clear(); });
    scope.spawn(loop(server));
    co_return server;
  });
}

// Handlers that block run side by side on the executor of a function.
auto sideBySide(std::atomic<int>& together) {
  return layer::effect([&together]() -> asio::awaitable<std::shared_ptr<Server>> {
    auto server = std::make_shared<Server>(co_await asio::this_coro::executor);
    const auto running = std::make_shared<std::atomic<int>>(0);
    for (int i = 0; i < 4; ++i) {
      asio::post(server->executor, [running, &together] {
        const int now = ++*running;
        if (now > together) together = now;
        std::this_thread::sleep_for(100ms);
        --*running;
      });
    }
    co_return server;
  });
}

}  // namespace

int main() {
  {
    asio::io_context context(4);
    Spawned program;
    program.start(asio::make_strand(context),
                  layer::run(onItsExecutor(), [](Server&) { return sleepFor(30ms); }));
    runOn(context, 4);
    field::expect(program.succeeded(), "on a strand");
  }
  {
    asio::io_context context(4);
    Spawned program;
    program.start(context, layer::run(onItsStrand(), [](Server&) { return sleepFor(30ms); }));
    runOn(context, 4);
    field::expect(program.succeeded(), "with a strand of its own");
  }
  {
    asio::io_context context(4);
    Spawned program;
    program.start(context, layer::run(supervised(), [](Server&) { return sleepFor(30ms); }));
    runOn(context, 4);
    field::expect(program.succeeded(), "supervised");
  }
  {
    std::atomic<int> together = 0;
    asio::io_context context(4);
    Spawned program;
    program.start(context,
                  layer::run(sideBySide(together), [](Server&) { return sleepFor(150ms); }));
    runOn(context, 4);
    field::expect(program.succeeded() && together > 1, "side by side");
  }
  return field::result();
}
