// Promises: a store and a backing of your own with every optional operation, over a strand and with delays, works under layerSchema:
// update retries when exchange says no, a stored null is a value, an exact compare, pages go on where they ended; hostile stores
// (sink called out of order, endless keys page, exchange that always fails) end in an error.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <persistance/backing/store.hpp>
#include <persistance/persistance.hpp>

#include "field/store/check.hpp"

namespace p = persistance;
namespace b = persistance::backing;
using namespace std::chrono_literals;
struct Slow : b::Store {
  std::map<std::string, p::Unknown> data;
  int refuse = 0, exchanges = 0;
  static asio::awaitable<void> turn() {
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
  }
  asio::awaitable<void> read(std::span<const std::string> keys, b::Sink& sink) override {
    co_await turn();
    for (std::size_t i = keys.size(); i-- > 0;)
      if (auto f = data.find(keys[i]); f != data.end()) sink.found(i, f->second.bytes());
  }
  asio::awaitable<void> write(std::span<b::Entry> entries) override {
    co_await turn();
    for (auto& e : entries) data[e.key] = e.value;
  }
  asio::awaitable<void> remove(const std::string& key) override {
    co_await turn();
    data.erase(key);
  }
  asio::awaitable<void> exchange(b::Exchange& x) override {
    co_await turn();
    ++exchanges;
    if (refuse > 0) {
      --refuse;
      co_return;
    }
    auto f = data.find(x.key);
    std::optional<p::Unknown> have;
    if (f != data.end()) have = f->second;
    if (have != x.expected) co_return;
    x.done = true;
    if (x.desired)
      data[x.key] = *x.desired;
    else
      data.erase(x.key);
  }
  asio::awaitable<void> find(const std::string& key, b::Sink& sink,
                             std::optional<std::chrono::milliseconds>& ttl) override {
    co_await turn();
    if (auto f = data.find(key); f != data.end()) {
      sink.found(0, f->second.bytes());
      ttl = 7ms;
    }
  }
  asio::awaitable<void> keys(const p::KeyQuery& q, p::KeyPage& page) override {
    co_await turn();
    for (auto it = q.after() ? data.upper_bound(*q.after()) : data.begin(); it != data.end();
         ++it) {
      if (!it->first.starts_with(q.prefix())) continue;
      if (page.keys.size() == q.limit()) {
        page.next = page.keys.back();
        break;
      }
      page.keys.push_back(it->first);
    }
  }
  asio::awaitable<void> clear() override {
    co_await turn();
    data.clear();
  }
};
struct Backing : p::BackingPersistance {
  std::map<std::string, std::shared_ptr<Slow>> stores;
  asio::awaitable<p::Persistance<p::Unknown>> make(std::string id) override {
    if (id == "fails") throw std::runtime_error("no such thing");
    auto& s = stores[id];
    if (!s) s = std::make_shared<Slow>();
    co_return p::Persistance<p::Unknown>(s);
  }
};
std::shared_ptr<Backing> backing = std::make_shared<Backing>();
asio::awaitable<void> body(p::SchemaPersistance& stores) {
  auto s = co_await stores.make<std::optional<int>>("n");
  std::optional<int> null, five = 5;
  co_await s.set("null", null);
  auto got = co_await s.get("null");
  CHECK(got && !*got);
  bool stored = co_await s.setIfAbsent("null", five);
  CHECK(!stored);
  auto raw = backing->stores["n"];
  raw->refuse = 3;
  int calls = 0;
  auto f = [&calls](std::optional<std::optional<int>> v) -> std::optional<std::optional<int>> {
    ++calls;
    CHECK(v && !*v);
    return std::optional<int>(8);
  };
  auto r = co_await s.update("null", f);
  CHECK(calls == 4 && r && *r == 8);
  raw->refuse = 1'000'000;
  raw->exchanges = 0;
  calls = 0;
  auto g = [&calls](std::optional<std::optional<int>> v) {
    ++calls;
    return v;
  };
  try {
    (void)co_await s.update("null", g);
    CHECK(false);
  } catch (const p::PersistanceBackingError& e) {
    CHECK(e.code() == p::BackingErrc::overloaded && calls == 1000 && raw->exchanges == 1000);
  }
  raw->refuse = 0;
  auto found = co_await s.find("null");
  CHECK(found && found->timeToLive == 7ms);
  for (int i = 0; i < 25; ++i) co_await s.set("p" + std::to_string(i), five);
  p::KeyQuery q;
  q.prefix("p").limit(10);
  std::size_t n = 0;
  p::KeyPage page;
  do {
    page = co_await s.keys(q.after(page.next));
    n += page.keys.size();
  } while (page.next);
  CHECK(n == 25);
  auto again = co_await stores.make<std::optional<int>>("n");
  got = co_await again.get("p3");
  CHECK(got && *got == 5);
  try {
    (void)co_await stores.make<int>("fails");
    CHECK(false);
  } catch (const p::PersistanceBackingError& e) {
    CHECK(e.method() == "make" && e.code() == p::BackingErrc::unavailable && e.error());
  }
  raw->data["bad"] = p::schema::string().encode("text");
  std::vector<std::string> bad{"bad"};
  auto v = co_await s.getMany(bad);
  CHECK(!v[0] && !raw->data.contains("bad"));
}
int main() {
  asio::io_context io;
  auto app = p::layer::provide(p::layerSchema,
                               p::layer::succeed(std::shared_ptr<p::BackingPersistance>(backing)));
  asio::co_spawn(io, p::layer::run(app, body), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  io.run();
}
