// Promises: what the function of update throws comes out as it is and nothing is written; an update that is cancelled by its own
// function, or in a slow one, ends with a result or operation_aborted; update within update (nested loop) retries with the newer value;
// `overloaded` after 1,000 attempts; f may destroy the handle; f is called in the coroutine's thread.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <persistance/persistance.hpp>
#include <thread>

#include "field/store/check.hpp"

namespace p = persistance;
using namespace std::chrono_literals;
using Int = std::optional<int>;
struct Mine {
  int n;
};
template <class T>
T now(asio::awaitable<T> a) {  // a loop within the loop
  asio::io_context io;
  std::optional<T> out;
  std::exception_ptr error;
  asio::co_spawn(io, std::move(a), [&](std::exception_ptr e, T t) {
    error = e;
    if (!e) out = std::move(t);
  });
  io.run();
  if (error) std::rethrow_exception(error);
  return std::move(*out);
}
asio::awaitable<void> body(p::SchemaPersistance& stores) {
  auto s = co_await stores.make<int>("n");
  co_await s.set("k", 1);
  auto throws42 = [](Int) -> Int { throw 42; };
  auto throwsMine = [](Int) -> Int { throw Mine{7}; };
  auto throwsAborted = [](Int) -> Int { throw std::system_error(asio::error::operation_aborted); };
  auto throwsBacking = [](Int) -> Int { throw p::backing::Failure(p::BackingErrc::full); };
  auto throwsAlloc = [](Int) -> Int { throw std::bad_alloc(); };
  try {
    co_await s.update("k", throws42);
    CHECK(false);
  } catch (int e) {
    CHECK(e == 42);
  }
  try {
    co_await s.update("k", throwsMine);
    CHECK(false);
  } catch (const Mine& e) {
    CHECK(e.n == 7);
  }
  try {
    co_await s.update("k", throwsAborted);
    CHECK(false);
  } catch (const std::system_error& e) {
    CHECK(e.code() == asio::error::operation_aborted);
  }
  try {
    co_await s.update("k", throwsBacking);
    CHECK(false);
  } catch (const p::backing::Failure& e) {
    CHECK(e.code() == p::BackingErrc::full);
  }
  try {
    co_await s.update("k", throwsAlloc);
    CHECK(false);
  } catch (const std::bad_alloc&) {
  }
  auto k = co_await s.get("k");
  CHECK(k == 1);
  int calls = 0;
  auto nested =
      [&](Int v) -> Int {  // same key: the inner one is faster, so the outer is called again
    if (++calls < 5) {
      auto in = [](Int w) { return Int(*w + 10); };
      (void)now(s.update("k", in));
    }
    return *v + 1;
  };
  auto r = co_await s.update("k", nested);
  CHECK(calls == 5 && r == 42);
  calls = 0;
  auto other = [&](Int v) -> Int {
    ++calls;
    auto in = [](Int w) { return Int(w.value_or(0) + 10); };
    (void)now(s.update("other", in));
    return *v + 1;
  };
  r = co_await s.update("k", other);
  CHECK(calls == 1 && r == 43);
  calls = 0;
  auto always = [&](Int v) -> Int {
    ++calls;
    auto in = [&](Int) { return Int(1000 + calls); };
    (void)now(s.update("k", in));
    return *v + 1;
  };
  try {
    co_await s.update("k", always);
    CHECK(false);
  } catch (const p::PersistanceBackingError& e) {
    CHECK(e.code() == p::BackingErrc::overloaded && e.method() == "update" && e.key() == "k" &&
          calls == 1000);
  }
  // aba: somebody writes the same bytes in between: that is as expected
  auto aba = [&](Int v) -> Int {
    auto in = [v](Int) { return v; };
    (void)now(s.update("k", in, 1h));
    return *v + 1;
  };
  r = co_await s.update("k", aba);
  auto f = co_await s.find("k");
  CHECK(f && !f->timeToLive);
  auto removedBetween = [&, first = true](Int v) mutable -> Int {
    if (std::exchange(first, false)) {
      CHECK(v);
      auto in = [](Int) { return Int(); };
      (void)now(s.update("k", in));
      return 5;
    }
    CHECK(!v);
    return 6;
  };
  r = co_await s.update("k", removedBetween);
  CHECK(r == 6);
  auto owner =
      std::make_unique<p::Persistance<int>>(s);  // f destroys the handle that it is called through
  auto destroys = [&owner](Int v) -> Int {
    owner.reset();
    return *v + 1;
  };
  r = co_await owner->update("k", destroys);
  CHECK(r == 7);
  auto keepNothing = [&](Int v) -> Int {
    CHECK(!v);
    return v;
  };
  r = co_await s.update("absent", keepNothing);
  CHECK(!r);
}
int main() {
  asio::io_context io;
  auto check = [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  };
  asio::co_spawn(io, p::layer::run(p::layerSchemaMemory, body), check);
  io.run();
  // cancelled while f runs, by f itself, and from another thread through the executor
  io.restart();
  asio::cancellation_signal signal;
  bool aborted = false;
  int calls = 0;
  p::layer::ManagedRuntime runtime(p::layerSchemaMemory);
  p::Persistance<int> s;
  asio::co_spawn(io, runtime.run([&](p::SchemaPersistance& stores) -> asio::awaitable<void> {
    s = co_await stores.make<int>("n");
  }),
                 check);
  io.run();
  io.restart();
  auto slow = [&]() -> asio::awaitable<void> {
    auto f = [&](Int v) -> Int {
      ++calls;
      signal.emit(asio::cancellation_type::terminal);
      std::this_thread::sleep_for(10ms);
      return v.value_or(0) + 1;
    };
    (void)co_await s.update("k", f);
    (void)co_await s.update("k", f);
    CHECK(false);
  };
  asio::co_spawn(io, slow(), asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr e) {
                   try {
                     std::rethrow_exception(e);
                   } catch (const std::system_error& x) {
                     aborted = x.code() == asio::error::operation_aborted;
                   }
                 }));
  io.run();
  std::printf("direct: aborted %d after %d calls\n", aborted, calls);
  CHECK(aborted && calls >= 1);
  io.restart();  // the same inside of layer::run: the cancellation is seen at the next suspension at the latest
  int steps = 0;
  aborted = false;
  auto loop = [&](p::SchemaPersistance& stores) -> asio::awaitable<void> {
    auto t = co_await stores.make<int>("n");
    auto f = [&](Int v) -> Int {
      if (++steps == 1) signal.emit(asio::cancellation_type::terminal);
      return v.value_or(0) + 1;
    };
    for (int i = 0; i < 10'000; ++i) (void)co_await t.update("k", f);
  };
  asio::co_spawn(io, p::layer::run(p::layerSchemaMemory, loop),
                 asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr e) {
                   try {
                     if (e) std::rethrow_exception(e);
                   } catch (const std::system_error& x) {
                     aborted = x.code() == asio::error::operation_aborted;
                   }
                 }));
  io.run();
  std::printf("in layer::run: aborted %d after %d calls\n", aborted, steps);
  CHECK(aborted);
  io.restart();
  asio::co_spawn(io, runtime.dispose(), check);
  io.run();
}
