// One ManagedRuntime used from five threads with contexts of their own and from a thread_pool: built once,
// a failed build is tried again, dispose from two of them at once cancels and waits, later calls are refused.
#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>
#include <atomic>
#include <future>

#include "layers.hpp"

namespace {
std::atomic<int> alive{0}, built{0};
struct Users {
  Users() {
    ++alive;
    ++built;
  }
  ~Users() { --alive; }
  int value = 5;
};

auto makeApp(std::shared_ptr<std::atomic<int>> failures) {
  return layer::scoped([failures](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Users>> {
    scope.addFinalizer([]() -> asio::awaitable<void> { co_await asio::post(asio::use_awaitable); });
    co_await sleepFor(1ms);
    if (failures->fetch_sub(1) > 0) throw std::runtime_error("not yet");
    co_return std::make_shared<Users>();
  });
}

void shared() {
  layer::ManagedRuntime runtime(makeApp(std::make_shared<std::atomic<int>>(0)));
  std::atomic<int> good{0};
  std::vector<std::thread> crew;
  for (int t = 0; t < 5; ++t) {
    crew.emplace_back([&, runtime] {
      asio::io_context io;
      for (int i = 0; i < 40; ++i) {
        auto got = asio::co_spawn(
            io, runtime.run([](Users& u, layer::Scope& scope) -> asio::awaitable<int> {
              scope.addFinalizer([] {});
              co_await asio::post(asio::use_awaitable);
              co_return u.value;
            }),
            asio::use_future);
        io.restart();
        while (got.wait_for(0s) != std::future_status::ready) {
          io.restart();
          io.run_for(1ms);
        }
        if (got.get() == 5) ++good;
      }
      good += asio::co_spawn(io, runtime.context(), asio::use_future).valid() ? 0 : 1;
      while (io.run_for(5ms)) {
      }
    });
  }
  for (auto& t : crew) t.join();
  field::expect(good == 200, "shared: all " + std::to_string(good));
  field::expect(built == 1 || built <= 5,
                "shared: built once, or again where the builder's context is gone");
  asio::thread_pool pool(2);
  asio::co_spawn(pool, runtime.dispose(), asio::use_future).get();
  bool closed = false;
  try {
    asio::co_spawn(pool, runtime.run([](Users&) {}), asio::use_future).get();
  } catch (const layer::ClosedError&) {
    closed = true;
  }
  field::expect(closed, "shared: refused");
  field::expect(alive == 0, "shared: none left " + std::to_string(alive));
  built = 0;
}

void retried() {
  layer::ManagedRuntime runtime(makeApp(std::make_shared<std::atomic<int>>(3)));
  asio::thread_pool pool(4);
  int failed = 0, value = 0;
  while (value == 0) {
    try {
      value = asio::co_spawn(pool, runtime.run([](Users& u) { return u.value; }), asio::use_future)
                  .get();
    } catch (const std::runtime_error&) {
      ++failed;
    }
  }
  field::expect(failed == 3, "retried: three failures");
  asio::co_spawn(asio::make_strand(pool), runtime.dispose(), asio::use_future).get();
  field::expect(alive == 0, "retried: none left");
}

void disposedUnderLoad() {
  for (int round = 0; round < 15; ++round) {
    layer::ManagedRuntime runtime(makeApp(std::make_shared<std::atomic<int>>(0)));
    asio::thread_pool pool(4);
    std::atomic<int> over{0}, odd{0};
    for (int k = 0; k < 20; ++k) {
      asio::co_spawn(
          asio::make_strand(pool),
          [](auto r) -> asio::awaitable<void> {
            for (;;)
              co_await r.run([](Users& u) -> asio::awaitable<void> {
                co_await sleepFor(std::chrono::milliseconds(u.value % 2));
              });
          }(runtime),
          [&](std::exception_ptr e) {
            ++over;
            try {
              if (e) std::rethrow_exception(e);
            } catch (const layer::ClosedError&) {
            } catch (const std::system_error& s) {
              if (s.code() != asio::error::operation_aborted) ++odd;
            } catch (...) {
              ++odd;
            }
          });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(round % 5));
    auto a = asio::co_spawn(pool, runtime.dispose(), asio::use_future);
    auto b = asio::co_spawn(asio::make_strand(pool), runtime.dispose(5s), asio::use_future);
    a.get();
    field::expect(alive == 0, "under load: the layer is released after dispose");
    b.get();
    pool.join();
    field::expect(over == 20 && odd == 0, "under load: every run ends as aborted or closed");
  }
}

/// A task of the layer fails: "its error, then and in every later call".
void taskFails() {
  auto app = layer::scoped([](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Users>> {
    scope.spawn([]() -> asio::awaitable<void> {
      co_await sleepFor(5ms);
      throw std::runtime_error("task");
    }());
    co_return std::make_shared<Users>();
  });
  layer::ManagedRuntime runtime(app);
  asio::thread_pool pool(2);
  for (int i = 0; i < 3; ++i) {
    std::string text;
    try {
      asio::co_spawn(pool,
                     runtime.run([](Users&) -> asio::awaitable<void> { co_await sleepFor(1h); }),
                     asio::use_future)
          .get();
    } catch (const std::exception& e) {
      text = e.what();
    }
    field::expect(text == "task", "task: its error, call " + std::to_string(i) + ": " + text);
  }
  std::string text = "ok";
  try {
    asio::co_spawn(pool, runtime.dispose(), asio::use_future).get();
  } catch (const std::exception& e) {
    text = e.what();
  }
  field::expect(text == "ok", "task: dispose says " + text);
  field::expect(alive == 0, "task: none left");
}

/// dispose inside of a run, of a layer's function, of a finalizer.
void inside() {
  asio::thread_pool pool(2);
  {
    layer::ManagedRuntime runtime(makeApp(std::make_shared<std::atomic<int>>(0)));
    auto got = asio::co_spawn(pool, runtime.run([runtime](Users&) -> asio::awaitable<int> {
      co_await runtime.dispose();
      co_return 3;
    }),
                              asio::use_future);
    field::expect(got.wait_for(2s) == std::future_status::ready, "inside of a run: no hang");
    std::string text;
    try {
      text = std::to_string(got.get());
    } catch (const std::exception& e) {
      text = e.what();
    }
    field::expect(text == "3" || text.find("aborted") != std::string::npos,
                  "inside of a run: " + text);
  }
  {
    auto slot = std::make_shared<std::optional<layer::ManagedRuntime<Users>>>();
    layer::ManagedRuntime runtime(
        layer::effect([slot]() -> asio::awaitable<std::shared_ptr<Users>> {
          co_await (*slot)->dispose();
          co_return nullptr;
        }));
    *slot = runtime;
    std::string text = "fine";
    auto got = asio::co_spawn(pool, runtime.run([](Users&) {}), asio::use_future);
    field::expect(got.wait_for(2s) == std::future_status::ready, "inside of a function: no hang");
    try {
      got.get();
    } catch (const std::logic_error& e) {
      text = "logic";
    } catch (const std::exception& e) {
      text = e.what();
    }
    field::expect(text == "logic", "inside of a function: " + text);
    asio::co_spawn(pool, runtime.dispose(1s), asio::use_future).get();
    slot->reset();
  }
  field::expect(alive == 0, "inside: none left");
}
}  // namespace

int main() {
  shared();
  retried();
  disposedUnderLoad();
  taskFails();
  inside();
  return field::result();
}
