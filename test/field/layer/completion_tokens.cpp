// Every way to start: use_future, detached, a plain callback, deferred results of runs as arguments, co_spawn of
// close and dispose themselves, an executor of another kind; errors come out where Asio puts them.
#include <asio/bind_allocator.hpp>
#include <asio/system_executor.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>
#include <atomic>
#include <future>

#include "layers.hpp"

namespace {
std::atomic<int> alive{0};
struct Users {
  Users() { ++alive; }
  Users(const Users&) { ++alive; }
  ~Users() { --alive; }
  int n = 3;
};
auto users() {
  return layer::scoped([](layer::Scope& scope) -> asio::awaitable<Users> {
    scope.addFinalizer([]() -> asio::awaitable<void> { co_await sleepFor(1ms); });
    co_await sleepFor(1ms);
    co_return Users{};
  });
}
}  // namespace

int main() {
  auto app = users();
  {
    asio::io_context io;
    // a callback that takes the result
    int got = 0;
    asio::co_spawn(io, layer::run(app, [](Users& u) { return u.n; }),
                   [&](std::exception_ptr e, int n) { got = e ? -1 : n; });
    io.run();
    field::expect(got == 3, "callback");
    io.restart();
    // detached: an error is dropped, the layer is released
    asio::co_spawn(io, layer::run(app, [](Users&) { throw std::runtime_error("dropped"); }),
                   asio::detached);
    io.run();
    io.restart();
    field::expect(alive == 0, "detached: released");
    // a handler that rethrows: out of run(), and the context can go on
    asio::co_spawn(io, layer::run(app, [](Users&) { throw std::runtime_error("out"); }),
                   [](std::exception_ptr e) {
                     if (e) std::rethrow_exception(e);
                   });
    field::expect(field::thrown([&] { io.run(); }) == "out", "rethrown");
    io.run();
    io.restart();
    field::expect(alive == 0, "rethrown: released");
    // use_future with several at once
    std::vector<std::future<int>> all;
    for (int i = 0; i < 20; ++i)
      all.push_back(
          asio::co_spawn(io, layer::run(app, [i](Users& u) { return u.n + i; }), asio::use_future));
    io.run();
    io.restart();
    for (int i = 0; i < 20; ++i) field::expect(all[std::size_t(i)].get() == 3 + i, "futures");
    // the error in a future
    auto bad = asio::co_spawn(io,
                              layer::run(layer::effect([]() -> asio::awaitable<Users> {
                                           throw std::out_of_range("far");
                                           co_return Users{};
                                         }),
                                         [](Users&) {}),
                              asio::use_future);
    io.run();
    io.restart();
    bool range = false;
    try {
      bad.get();
    } catch (const std::out_of_range&) {
      range = true;
    }
    field::expect(range, "the error as it is, in a future");
    // build by a future, the context default-constructed, and close by a future
    layer::Scope scope;
    auto context = asio::co_spawn(io, layer::build(app, scope), asio::use_future);
    io.run();
    io.restart();
    field::expect(context.get().get<Users>().n == 3, "build by a future");
    auto closed = asio::co_spawn(io, scope.close(), asio::use_future);
    io.run();
    io.restart();
    closed.get();
    field::expect(alive == 0, "close by a future");
    field::expect(!field::thrown([] { (void)layer::Context<Users>().get<Users>(); }).empty(),
                  "an empty context throws");
    // an awaitable that is never awaited does nothing
    {
      auto unused = layer::run(app, [](Users&) {});
      auto unusedToo = layer::launch(app);
      layer::Scope s;
      auto end = s.close();
      auto moved = std::move(end);
    }
    field::expect(alive == 0, "never awaited");
    // one awaitable made on one thread, run on another
    auto made = layer::run(app, [](Users& u) { return u.n; });
    asio::thread_pool pool(2);
    field::expect(asio::co_spawn(pool, std::move(made), asio::use_future).get() == 3,
                  "another thread");
    // the layer handle is gone before the run begins
    auto alone = layer::run(users(), [](Users& u) { return u.n; });
    field::expect(asio::co_spawn(pool, std::move(alone), asio::use_future).get() == 3,
                  "the layer's handle is gone");
    // cancellation types: partial and total are not terminal
    for (const auto type : {asio::cancellation_type::total, asio::cancellation_type::partial,
                            asio::cancellation_type::all}) {
      asio::cancellation_signal signal;
      bool over = false;
      std::string text;
      asio::io_context other;
      asio::co_spawn(
          other, layer::run(app, [](Users&) -> asio::awaitable<void> { co_await sleepFor(30ms); }),
          asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr e) {
            over = true;
            text = field::thrown([&] {
              if (e) std::rethrow_exception(e);
            });
          }));
      after(other, 5ms, [&] { signal.emit(type); });
      other.run();
      field::expect(over, "cancellation types: over");
      const bool aborted = text.find("aborted") != std::string::npos;
      field::expect(aborted == (type == asio::cancellation_type::all),
                    "cancellation types: " + std::to_string(int(type)) + " " + text);
    }
    // cancelled twice, and before it begins
    {
      Spawned s;
      asio::io_context other;
      s.start(other,
              layer::run(app, [](Users&) -> asio::awaitable<void> { co_await sleepFor(1h); }));
      s.cancel();
      s.cancel();
      after(other, 2ms, [&] { s.cancel(); });
      other.run_for(2s);
      field::expect(s.aborted() || s.succeeded(), "cancelled before it begins: " + s.text());
    }
  }
  {
    // the system executor; its threads run what the layers run
    auto one = asio::co_spawn(asio::system_executor(),
                              layer::run(app,
                                         [](Users& u) -> asio::awaitable<int> {
                                           co_await asio::post(asio::use_awaitable);
                                           co_return u.n;
                                         }),
                              asio::use_future);
    field::expect(one.get() == 3, "system_executor");
  }
  for (int i = 0; i < 200 && alive != 0; ++i) std::this_thread::sleep_for(1ms);
  field::expect(alive == 0, "none left");
  return field::result();
}
