// Where everything runs: functions, finalizers and tasks of a layer on the executor of the first that asked, also those
// added by others; bodies on their caller's.
#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>
#include <atomic>
#include <future>

#include "layers.hpp"

namespace {
struct Users {
  layer::Scope scope;
};
using Strand = asio::strand<asio::thread_pool::executor_type>;

/// Whether it runs there: the strand says so, whatever the thread.
bool on(const Strand& strand) { return strand.running_in_this_thread(); }
}  // namespace

int main() {
  asio::thread_pool pool(4);
  const Strand first = asio::make_strand(pool), second = asio::make_strand(pool);
  std::atomic<int> seen{0};
  const auto see = [&](bool right, const std::string& what) {
    ++seen;
    field::expect(right, what);
  };
  auto users = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Users> {
    see(on(first), "function");
    co_await sleepFor(5ms);
    see(on(first), "function, after a wait");
    scope.addFinalizer([&] { see(on(first), "finalizer"); });
    scope.addFinalizer([&]() -> asio::awaitable<void> {
      see(on(first), "awaited finalizer");
      see(co_await asio::this_coro::executor == asio::any_io_executor(first),
          "finalizer: this_coro::executor");
      co_await sleepFor(1ms);
      see(on(first), "awaited finalizer, after a wait");
    });
    scope.spawn([](auto s, auto f) -> asio::awaitable<void> {
      s(on(f), "task");
      co_await sleepFor(1ms);
      s(on(f), "task, after a wait");
    }(see, first));
    co_return Users{scope};
  });
  const layer::MemoMap map;
  // asked from a strand, released from another one
  std::promise<void> ready;
  auto a = asio::co_spawn(first,
                          layer::run(
                              users,
                              [&](Users&) -> asio::awaitable<void> {
                                see(on(first), "body of the first");
                                ready.set_value();
                                co_await sleepFor(10ms);
                                see(on(first), "body of the first, after a wait");
                              },
                              map),
                          asio::use_future);
  ready.get_future().get();
  auto b = asio::co_spawn(
      second,
      layer::run(
          users,
          [&](Users& u, layer::Scope& own) -> asio::awaitable<void> {
            see(on(second), "body of the second");
            own.addFinalizer([&]() -> asio::awaitable<void> {
              see(on(second), "finalizer of the run's own scope");
              co_await sleepFor(1ms);
              see(on(second), "it, after a wait");
            });
            own.spawn([](auto s, auto f) -> asio::awaitable<void> {
              s(on(f), "task of the run's own scope");
              co_return;
            }(see, second));
            u.scope.addFinalizer([&] { see(on(first), "finalizer that the second added"); });
            u.scope.spawn([](auto s, auto f) -> asio::awaitable<void> {
              s(on(f), "task that the second spawned");
              co_await sleepFor(1ms);
              s(on(f), "it, after a wait");
            }(see, first));
            co_await sleepFor(30ms);
            see(on(second), "body of the second, after a wait");
          },
          map),
      asio::use_future);
  a.get();
  b.get();
  // asio::dispatch on the executor of a coroutine runs at once; deferred work keeps to it
  asio::co_spawn(first,
                 layer::run(layer::succeed(Users{}),
                            [&](Users&) -> asio::awaitable<void> {
                              bool done = false;
                              auto executor = co_await asio::this_coro::executor;
                              asio::dispatch(executor, [&] { done = true; });
                              see(done, "dispatch runs at once");
                              asio::steady_timer timer(executor, 1ms);
                              co_await timer.async_wait(asio::use_awaitable);
                              see(on(first), "after a wait");
                              co_await asio::co_spawn(
                                  executor,
                                  [&]() -> asio::awaitable<void> {
                                    see(on(first), "co_spawn inside");
                                    co_return;
                                  },
                                  asio::use_awaitable);
                              co_await asio::co_spawn(
                                  second,
                                  [&]() -> asio::awaitable<void> {
                                    see(on(second), "co_spawn on another one");
                                    co_return;
                                  },
                                  asio::use_awaitable);
                              see(on(first), "and back");
                              co_await asio::post(second, asio::use_awaitable);
                              see(on(first), "back after a post to another one");
                            }),
                 asio::use_future)
      .get();
  // close: of a scope of the caller's, on that of the coroutine that closes
  asio::co_spawn(
      second,
      [&]() -> asio::awaitable<void> {
        layer::Scope scope;
        scope.addFinalizer([&]() -> asio::awaitable<void> {
          see(on(second), "close: finalizer");
          co_await sleepFor(1ms);
          see(on(second), "close: after a wait");
        });
        co_await scope.close();
        see(on(second), "close: the closer");
      },
      asio::use_future)
      .get();
  // a LayerMap's key: built on its first user's, released on its last user's
  auto keys = layer::layerMap(
      [&](const int&) {
        return layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Users> {
          see(on(second), "key: built on its user's");
          scope.addFinalizer([&]() -> asio::awaitable<void> {
            see(on(second), "key: released there");
            co_await sleepFor(1ms);
            see(on(second), "key: after a wait");
          });
          co_return Users{};
        });
      },
      {0ms});
  asio::co_spawn(first,
                 layer::run(keys,
                            [&](layer::LayerMap<int, Users>& m) -> asio::awaitable<void> {
                              co_await asio::co_spawn(
                                  second,
                                  m.run(1, [&](Users&) { see(on(second), "key: the body"); }),
                                  asio::use_awaitable);
                              see(on(first), "key: the outer body");
                              co_await sleepFor(10ms);
                            }),
                 asio::use_future)
      .get();
  pool.join();
  field::expect(seen >= 32, "all of it was seen: " + std::to_string(seen));
  return field::result();
}
