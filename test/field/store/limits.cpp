// Promises: entryLimit and byteLimit hold, `full` leaves everything as it was (setMany: all of it), evict makes room and keeps within
// the limit, expired entries do not count against a write, a single entry over byteLimit fails in any case.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <persistance/persistance.hpp>

#include "field/store/check.hpp"

namespace p = persistance;
using namespace std::chrono_literals;
std::atomic<std::int64_t> ms;
std::chrono::steady_clock::time_point now() {
  return std::chrono::steady_clock::time_point(std::chrono::milliseconds(ms.load()));
}
template <class F>
asio::awaitable<void> mustBeFull(const F& f) {
  try {
    co_await f();
  } catch (const p::PersistanceBackingError& e) {
    CHECK(e.code() == p::BackingErrc::full);
    co_return;
  }
  CHECK(!"full was expected");
}
asio::awaitable<std::size_t> count(const p::Persistance<std::string>& s) {
  std::size_t n = 0;
  p::KeyPage page;
  p::KeyQuery q;
  do {
    q.after(page.next);
    page = co_await s.keys(q);
    n += page.keys.size();
  } while (page.next);
  co_return n;
}
asio::awaitable<void> failing(p::SchemaPersistance& stores) {
  auto s = co_await stores.make<std::string>("n");
  std::vector<std::pair<std::string, std::string>> ten;
  for (int i = 0; i < 10; ++i) ten.emplace_back("k" + std::to_string(i), "v");
  co_await s.setMany(ten);
  auto setNew = [&s] { return s.set("new", "v"); };
  co_await mustBeFull(setNew);
  auto ifAbsent = [&s]() -> asio::awaitable<void> { (void)co_await s.setIfAbsent("new", "v"); };
  co_await mustBeFull(ifAbsent);
  auto f = [](std::optional<std::string>) { return std::optional<std::string>("x"); };
  auto upd = [&s, f]() -> asio::awaitable<void> { (void)co_await s.update("new", f); };
  co_await mustBeFull(upd);
  co_await s.set("k3", "overwritten");  // no new entry
  bool was = co_await s.setIfAbsent("k3", "other");
  CHECK(!was);
  auto updated = co_await s.update("k3", f);
  CHECK(updated == "x");
  std::vector<std::pair<std::string, std::string>> mixed{
      {"k1", "changed"}, {"new1", "v"}, {"k2", "changed"}};
  auto setMixed = [&s, mixed] { return s.setMany(mixed); };
  co_await mustBeFull(setMixed);
  auto k1 = co_await s.get("k1"), k2 = co_await s.get("k2"), new1 = co_await s.get("new1");
  CHECK(k1 == "v" && k2 == "v" && !new1);
  co_await s.remove("k0");
  co_await s.set("new", "v", 5ms);
  co_await mustBeFull([&s] { return s.set("new2", "v"); });
  ms += 10;  // "new" has run out
  co_await s.set("new2", "v");
  std::size_t n = co_await count(s);
  CHECK(n == 10);
  co_await s.clear();
  co_await s.setMany(ten);
  n = co_await count(s);
  CHECK(n == 10);
}
asio::awaitable<void> evicting(p::SchemaPersistance& stores) {
  auto s = co_await stores.make<std::string>("n");
  std::string last;
  for (int i = 0; i < 3000; ++i) {
    last = "k" + std::to_string(i);
    co_await s.set(last, std::string(50, 'x'));
    auto v = co_await s.get(last);
    CHECK(v);  // what was just written is there
    if (i % 500 == 0) {
      std::size_t n = co_await count(s);
      CHECK(n <= 10);
    }
  }
  std::size_t n = co_await count(s);
  std::printf("evict: %zu of 10 are kept\n", n);
  CHECK(n >= 5 && n <= 10);
  std::string hot = "hot";
  co_await s.set(hot, "h");
  for (int i = 0; i < 1000; ++i) {
    (void)co_await s.get(hot);
    co_await s.set("c" + std::to_string(i), "x");
  }
  auto h = co_await s.get(hot);
  std::printf("evict: the hot one %s\n", h ? "stays" : "went");
  std::vector<std::pair<std::string, std::string>> twenty;
  for (int i = 0; i < 20; ++i) twenty.emplace_back("m" + std::to_string(i), "v");
  try {
    co_await s.setMany(twenty);
    std::printf("evict: setMany of 20 into 10 was taken\n");
  } catch (const p::PersistanceBackingError& e) {
    std::printf("evict: %s\n", e.what());
    CHECK(e.code() == p::BackingErrc::full);
  }
  n = co_await count(s);
  CHECK(n <= 10);
}
asio::awaitable<void> bytes(p::SchemaPersistance& stores) {
  auto s = co_await stores.make<std::string>("n");
  int stored = 0;
  for (int i = 0; i < 5000; ++i) {
    try {
      co_await s.set("k" + std::to_string(i), std::string(1000, 'x'));
      ++stored;
    } catch (const p::PersistanceBackingError& e) {
      CHECK(e.code() == p::BackingErrc::full);
    }
  }
  std::printf("64 KiB hold %d of 1000 bytes\n", stored);
  CHECK((stored >= 55 && stored <= 64) || stored == 5000);
  std::string huge(70'000, 'x');
  auto setHuge = [&s, &huge] { return s.set("k1", huge); };
  co_await mustBeFull(setHuge);
  auto k1 = co_await s.get("k1");
  CHECK(!k1 || k1->size() == 1000);
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
  p::MemoryOptions o(&now);
  o.entryLimit = 10;
  go(o, failing);
  o.whenFull = p::WhenFull::evict;
  go(o, evicting);
  p::MemoryOptions b;
  b.byteLimit = p::ByteSize::kibi(64);
  go(b, bytes);
  b.whenFull = p::WhenFull::evict;
  go(b, bytes);
}
