// Promises: an object with get, getMany, set and remove becomes a Persistance; what it lacks is `unsupported`; what it throws is told;
// getMany with other slots is `protocol`; the awaitable keeps object and value alive; move-only objects, const methods, references work.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <persistance/persistance.hpp>

#include "field/store/check.hpp"

namespace p = persistance;
using namespace std::chrono_literals;
int alive = 0;
struct Small {
  std::map<std::string, std::string> data;
  bool short_ = false;
  Small() { ++alive; }
  ~Small() { --alive; }
  Small(const Small&) = delete;
  asio::awaitable<std::optional<std::string>> get(std::string k) {
    if (k == "throw") throw std::runtime_error("x");
    if (k == "int") throw 5;
    auto f = data.find(k);
    co_return f == data.end() ? std::nullopt : std::optional(f->second);
  }
  asio::awaitable<std::vector<std::optional<std::string>>> getMany(std::vector<std::string> ks) {
    std::vector<std::optional<std::string>> out;
    for (auto& k : ks) out.push_back(data[k]);
    if (short_) out.pop_back();
    co_return out;
  }
  asio::awaitable<void> set(std::string k, const std::string& v) {
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    if (v == "bad") throw p::backing::Failure(p::BackingErrc::readOnly, "ro");
    data[k] = v;
  }
  asio::awaitable<void> remove(std::string k) {
    data.erase(k);
    co_return;
  }
};
struct Big : Small {
  std::optional<std::chrono::milliseconds> ttl;
  using Small::set;
  asio::awaitable<void> set(std::string k, const std::string& v, std::chrono::milliseconds t) {
    ttl = t;
    data[k] = v;
    co_return;
  }
  asio::awaitable<void> clear() {
    data.clear();
    co_return;
  }
};
template <class F>
asio::awaitable<void> fails(p::BackingErrc code, const F& f) {
  try {
    co_await f();
    CHECK(false);
  } catch (const p::PersistanceBackingError& e) {
    if (e.code() != code) {
      std::printf("%s\n", e.what());
      CHECK(false);
    }
  }
}
asio::awaitable<void> body() {
  {
    auto object = std::make_shared<Small>();
    p::Persistance s(object);
    static_assert(std::is_same_v<decltype(s), p::Persistance<std::string>>);
    std::optional<asio::awaitable<void>> set;
    {
      std::string v = "value";
      set.emplace(s.set("k", v));
      v = "changed";
    }
    std::weak_ptr<Small> weak = object;
    object.reset();
    p::Persistance<std::string> t = s;
    s = p::Persistance<std::string>();
    co_await std::move(*set);
    set.reset();
    auto v = co_await t.get("k");
    CHECK(v == "value" && !weak.expired());
    co_await fails(p::BackingErrc::unsupported, [&] { return t.set("k", "v", 1s); });
    co_await fails(p::BackingErrc::unsupported, [&] { return t.clear(); });
    co_await fails(p::BackingErrc::unsupported,
                   [&]() -> asio::awaitable<void> { (void)co_await t.find("k"); });
    co_await fails(p::BackingErrc::unsupported,
                   [&]() -> asio::awaitable<void> { (void)co_await t.keys(); });
    co_await fails(p::BackingErrc::unsupported,
                   [&]() -> asio::awaitable<void> { (void)co_await t.setIfAbsent("k", "v"); });
    auto up = [](std::optional<std::string> o) { return o; };
    co_await fails(p::BackingErrc::unsupported,
                   [&]() -> asio::awaitable<void> { (void)co_await t.update("k", up); });
    co_await fails(p::BackingErrc::unavailable,
                   [&]() -> asio::awaitable<void> { (void)co_await t.get("throw"); });
    co_await fails(p::BackingErrc::unavailable,
                   [&]() -> asio::awaitable<void> { (void)co_await t.get("int"); });
    co_await fails(p::BackingErrc::readOnly, [&] { return t.set("k", "bad"); });
    co_await fails(p::BackingErrc::tooLarge, [&] { return t.set(std::string(65537, 'k'), "v"); });
    co_await t.set("k", "v", 0s);  // skipped, and no error
    std::vector<std::pair<std::string, std::string>> es{{"a", "1"}, {"b", "bad"}, {"c", "3"}};
    co_await fails(p::BackingErrc::readOnly, [&] { return t.setMany(es); });
    auto a = co_await t.get("a"), c = co_await t.get("c");
    CHECK(a == "1" && !c);
    std::vector<std::string> ks{"a", "k"}, none;
    auto many = co_await t.getMany(ks);
    CHECK(many[0] == "1" && many[1] == "value");
    co_await t.removeMany(ks);
    weak.lock()->short_ = true;
    co_await fails(p::BackingErrc::protocol,
                   [&]() -> asio::awaitable<void> { (void)co_await t.getMany(ks); });
    (void)co_await t.getMany(none);
    co_await t.set("u", "\xff");  // no schema in between: as it is
  }
  CHECK(alive == 0);
  auto big = std::make_shared<Big>();
  p::Persistance<std::string> b(big);
  co_await b.set("k", "v", 1500us);
  CHECK(big->ttl == 2ms);
  std::vector<std::pair<std::string, std::string>> es{{"a", "1"}};
  co_await b.setMany(es, 3s);
  CHECK(big->ttl == 3s);
  co_await b.clear();
  CHECK(big->data.empty());
  p::Persistance<std::string> null(std::shared_ptr<Small>{});
  co_await fails(p::BackingErrc::closed, [&] { return null.remove("k"); });
  auto inner =
      std::make_shared<p::Persistance<std::string>>(big);  // a Persistance is such an object itself
  p::Persistance<std::string> nested(inner);
  co_await nested.set("n", "1");
  auto n = co_await nested.get("n");
  CHECK(n == "1");
}
int main() {
  asio::io_context io;
  asio::co_spawn(io, body(), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  io.run();
}
