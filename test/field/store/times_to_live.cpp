// Promises: a time to live counts by the given clock, is rounded up to milliseconds, is exact to the instant at every operation;
// extreme durations and clocks at the ends of their range do not overflow.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <persistance/persistance.hpp>

#include "field/store/check.hpp"

namespace p = persistance;
using namespace std::chrono_literals;
using Time = std::chrono::steady_clock::time_point;
std::atomic<std::int64_t> ns;
Time now() { return Time(std::chrono::nanoseconds(ns.load())); }

asio::awaitable<void> body(p::SchemaPersistance& stores) {
  auto s = co_await stores.make<int>("n");
  auto drop = [](std::optional<int> v) { return v; };
  const std::int64_t starts[] = {0, 123456789, -123456789,
                                 std::numeric_limits<std::int64_t>::max() - 5'000'000'000,
                                 std::numeric_limits<std::int64_t>::min() + 5};
  for (auto start : starts) {
    ns = start;
    co_await s.clear();
    co_await s.set("k", 1, 1500us);  // -> 2 ms
    auto f = co_await s.find("k");
    CHECK(f && f->timeToLive == 2ms);
    ns += 1'999'999;
    f = co_await s.find("k");
    CHECK(f && f->timeToLive && *f->timeToLive > 0ms && *f->timeToLive <= 1ms);
    auto g = co_await s.get("k");
    CHECK(g == 1);
    bool stored = co_await s.setIfAbsent("k", 2);
    CHECK(!stored);
    ns += 1;
    g = co_await s.get("k");
    CHECK(!g);
    f = co_await s.find("k");
    CHECK(!f);
    std::vector<std::string> keys{"k"};
    auto many = co_await s.getMany(keys);
    CHECK(!many[0]);
    auto page = co_await s.keys();
    CHECK(page.keys.empty());
    auto seen = co_await s.update("k", drop);
    CHECK(!seen);
    stored = co_await s.setIfAbsent("k", 2, 1s);
    CHECK(stored);
    co_await s.set("k", 3);  // replaces value and time to live together
    ns += 2'000'000'000;
    f = co_await s.find("k");
    CHECK(f && f->value == 3 && !f->timeToLive);
    std::vector<std::pair<std::string, int>> entries{{"a", 1}, {"b", 2}};
    co_await s.setMany(entries, 100ms);
    ns += 99'999'999;
    page = co_await s.keys(p::KeyQuery().prefix("a"));
    CHECK(page.keys.size() == 1);
    ns += 1;
    page = co_await s.keys(p::KeyQuery().prefix("a"));
    CHECK(page.keys.empty());
  }
  for (auto start : starts) {  // durations at the ends
    ns = start;
    co_await s.set("max", 1, std::chrono::milliseconds::max());
    auto f = co_await s.find("max");
    CHECK(f && f->value == 1);
    if (f->timeToLive)
      std::printf("max at %lld: %lld ms\n", (long long)start, (long long)f->timeToLive->count());
    co_await s.set("hours", 1, std::chrono::hours::max());
    co_await s.set("years", 1, std::chrono::years(1'000'000));
    co_await s.set("nsmax", 1, std::chrono::nanoseconds::max());
    ns += 4'000'000'000;
    for (std::string k : {"max", "hours", "years", "nsmax"}) {
      auto v = co_await s.get(k);
      CHECK(v == 1);
    }
  }
  ns = 1'000'000'000'000;  // a clock that goes back: nothing crashes, and the value is there
  co_await s.set("back", 1, 10s);
  ns = 0;
  auto v = co_await s.get("back");
  CHECK(v == 1);
  auto f = co_await s.find("back");
  CHECK(f && f->timeToLive && *f->timeToLive > 0ms);
}
int main() {
  asio::io_context io;
  std::exception_ptr error;
  auto app = p::layer::provide(p::layerSchema, p::layerMemoryWith(p::MemoryOptions(&now)));
  asio::co_spawn(io, p::layer::run(app, body), [&](std::exception_ptr e) { error = e; });
  io.run();
  if (error) std::rethrow_exception(error);
}
