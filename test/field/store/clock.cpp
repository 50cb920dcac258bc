// Promises: a clock that throws makes an operation fail with an error of the store (error.hpp: nothing else comes out), never terminate, also
// where the shared thread asks it; the store works again afterwards, without half a write; a default-made std::function as clock says so.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <persistance/persistance.hpp>
#include <thread>

#include "field/store/check.hpp"

namespace p = persistance;
using namespace std::chrono_literals;
std::atomic<int> throwing;  // from this call on; 0: not
std::atomic<int> calls;
std::chrono::steady_clock::time_point now() {
  if (int c = ++calls, t = throwing; t && c >= t) throw std::runtime_error("the clock has stopped");
  return std::chrono::steady_clock::now();
}
int unavailable = 0;
asio::awaitable<void> body(p::SchemaPersistance& stores) {
  auto s = co_await stores.make<int>("n");
  std::vector<std::string> keys{"a", "b", "c"};
  auto inc = [](std::optional<int> v) { return std::optional<int>(v.value_or(0) + 1); };
  for (int from = 1; from < 5; ++from)
    for (int op = 0; op < 11; ++op) {
      std::vector<std::pair<std::string, int>> entries{{"a", 1}, {"b", 1}, {"c", 1}},
          twos{{"a", 2}, {"b", 2}, {"c", 2}};
      co_await s.setMany(entries, 1h);
      calls = 0;
      throwing = from;
      try {
        switch (op) {
          case 0: (void)co_await s.get("a"); break;
          case 1: (void)co_await s.getMany(keys); break;
          case 2: co_await s.set("a", 2, 2h); break;
          case 3: co_await s.setMany(twos, 2h); break;
          case 4: co_await s.remove("a"); break;
          case 5: co_await s.removeMany(keys); break;
          case 6: co_await s.clear(); break;
          case 7: (void)co_await s.setIfAbsent("a", 2, 1h); break;
          case 8: (void)co_await s.update("a", inc, 1h); break;
          case 9: (void)co_await s.find("a"); break;
          case 10: (void)co_await s.keys(); break;
        }
      } catch (const p::PersistanceBackingError& e) {
        CHECK(e.code() == p::BackingErrc::unavailable && e.error());
        ++unavailable;
      }
      throwing = 0;
      auto got = co_await s.getMany(keys);
      if (op == 3 || op == 5 || op == 6) CHECK(got[0] == got[1] && got[1] == got[2]);
      auto b = co_await s.find("b");
      if (op != 3 && op != 5 && op != 6) CHECK(b && b->value == 1 && b->timeToLive > 30min);
    }
  std::printf("%d failed as unavailable\n", unavailable);
  std::vector<std::pair<std::string, int>> short_;
  for (int i = 0; i < 1000; ++i) short_.emplace_back("s" + std::to_string(i), i);
  co_await s.setMany(short_, 100ms);
  calls = 0;
  throwing = 1;  // now the shared thread asks
  asio::steady_timer t(co_await asio::this_coro::executor, 3s);
  co_await t.async_wait(asio::use_awaitable);
  std::printf("the shared thread has asked %d times\n", calls.load());
  throwing = 0;
  auto v = co_await s.get("s5");
  CHECK(!v);
}
asio::awaitable<void> noClock(p::SchemaPersistance& stores) {
  auto s = co_await stores.make<int>("n");
  try {
    co_await s.set("a", 1, 1h);
    (void)co_await s.get("a");
    std::printf("no clock: works\n");
  } catch (const p::PersistanceBackingError& e) {
    std::printf("no clock: %s\n", e.what());
  }
}
template <class F>
void go(p::MemoryOptions o, F f) {
  asio::io_context io;
  std::exception_ptr error;
  asio::co_spawn(io, p::layer::run(p::layer::provide(p::layerSchema, p::layerMemoryWith(o)), f),
                 [&](std::exception_ptr e) { error = e; });
  io.run();
  if (error) std::rethrow_exception(error);
}
int main() {
  go(p::MemoryOptions(&now), body);
  try {
    go(p::MemoryOptions(p::MemoryOptions::Clock()), noClock);
  } catch (const std::exception& e) {
    std::printf("no clock: make: %s\n", e.what());
  }
  p::MemoryOptions odd;
  odd.shards = 0;
  odd.entryLimit = 0;
  go(odd, noClock);
  odd.shards = 1'000'000;
  odd.entryLimit.reset();
  odd.byteLimit = p::ByteSize(0);
  go(odd, noClock);
  odd.byteLimit = p::ByteSize(~0ull);
  odd.entryLimit = ~std::size_t(0);
  go(odd, noClock);
}
