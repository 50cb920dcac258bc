// Layers on the system's executor and on a thread pool, awaited through futures; and a layer that
// throws what is no std::exception.
#include <asio/system_executor.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>

#include "layers.hpp"

struct Db {};
struct Web {};

namespace {

template <class Executor>
void runOn(const Executor& executor) {
  const auto web = layer::effect([](Db&) -> asio::awaitable<Web> {
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(5));
    co_await timer.async_wait(asio::use_awaitable);
    co_return Web();
  });
  const auto app = layer::wire<Web>(web, layer::sync([] { return Db(); }));
  const auto seven = [](Web&) { return 7; };
  field::expect(asio::co_spawn(executor, layer::run(app, seven), asio::use_future).get() == 7,
                "run");

  const layer::Scope scope;
  auto built = asio::co_spawn(executor, layer::build(app, scope), asio::use_future).get();
  (void)built.template get<Web>();
  const auto close = [&]() -> asio::awaitable<void> { co_await scope.close(); };
  asio::co_spawn(executor, close(), asio::use_future).get();
}

void throwInt() {
  const auto throws = layer::effect([]() -> asio::awaitable<Db> { throw 42; });
  const auto nothing = [](Db&) {};
  asio::io_context io;
  auto fails = asio::co_spawn(io, layer::run(throws, nothing), asio::use_future);
  const auto other = layer::orElse(throws, layer::sync([] { return Db(); }));
  auto recovers = asio::co_spawn(io, layer::run(other, nothing), asio::use_future);
  io.run();
  int thrown = 0;
  try {
    fails.get();
  } catch (int number) {
    thrown = number;
  }
  field::expect(thrown == 42, "what was thrown");
  recovers.get();
}

}  // namespace

int main() {
  runOn(asio::system_executor());
  asio::thread_pool pool(4);
  runOn(pool.get_executor());
  pool.join();
  throwInt();
  return field::result();
}
