// Promises: small print: update with a time to live of zero neither calls f nor changes anything, fails as "update", also where what is stored does not fit;
// errors come from the awaitable, never from the call; setMany with one bad value writes nothing; redact hides; policies of InvalidEntry hold.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <persistance/persistance.hpp>
int bad = 0;
#define CHECK(x)                                          \
  do {                                                    \
    if (!(x)) {                                           \
      std::printf("%s:%d: %s\n", __FILE__, __LINE__, #x); \
      ++bad;                                              \
    }                                                     \
  } while (0)
namespace p = persistance;
using namespace std::chrono_literals;
struct Angry {
  int n = 0;
  Angry() = default;
  explicit Angry(int m) : n(m) {}
  Angry(const Angry& o) : n(o.n) {
    if (n == 13) throw std::runtime_error("not copied");
  }
  Angry& operator=(const Angry&) = default;
};
struct Box {
  asio::awaitable<std::optional<Angry>> get(std::string) { co_return std::nullopt; }
  asio::awaitable<std::vector<std::optional<Angry>>> getMany(std::vector<std::string> k) {
    co_return std::vector<std::optional<Angry>>(k.size());
  }
  asio::awaitable<void> set(std::string, const Angry&) { co_return; }
  asio::awaitable<void> remove(std::string) { co_return; }
};
asio::awaitable<void> body(p::SchemaPersistance& st) {
  auto text = co_await st.make<std::string>("n");
  auto inc = [](std::optional<int> v) { return std::optional<int>(v.value_or(0) + 1); };
  for (auto policy : {p::InvalidEntry::perOperation, p::InvalidEntry::fail, p::InvalidEntry::miss,
                      p::InvalidEntry::missAndRemove}) {
    auto n = co_await st.make<int>("n", policy);
    for (bool zero : {false, true}) {
      co_await text.set("k", "secret text");
      std::string method = "none";
      try {
        if (zero)
          (void)co_await n.update("k", inc, 0s);
        else
          (void)co_await n.update("k", inc);
      } catch (const p::PersistanceSchemaError& e) {
        method = e.method();
      }
      auto there = co_await text.get("k");
      std::printf("policy %d, update%s of what does not fit: error of %s, the entry %s\n",
                  int(policy), zero ? " with 0 s" : "", method.c_str(),
                  there ? "stays" : "is gone");
      CHECK(method == "update");
      CHECK(there == "secret text");
    }
    co_await text.set("k", "secret text");
    std::vector<std::string> ks{"k"};
    bool threw = false;
    try {
      (void)co_await n.getMany(ks);
    } catch (const p::PersistanceSchemaError& e) {
      threw = true;
      CHECK(e.method() == "getMany" && e.key() == "k");
    }
    auto there = co_await text.get("k");
    CHECK(threw == (policy == p::InvalidEntry::fail));
    CHECK(there.has_value() ==
          (policy == p::InvalidEntry::fail || policy == p::InvalidEntry::miss));
    co_await text.set("k", "secret text");
    bool stored = co_await n.setIfAbsent("k", 1);
    CHECK(!stored);
  }
  p::StoreOptions quiet;
  quiet.redact = true;
  auto q = co_await st.make<int>("n", quiet);
  co_await text.set("k-secret", "secret text");
  try {
    (void)co_await q.get("k-secret");
    CHECK(false);
  } catch (const p::PersistanceSchemaError& e) {
    CHECK(e.key().empty() && std::string(e.what()).find("secret") == std::string::npos);
    for (auto& i : e.errors()) CHECK(i.actual.find("secret") == std::string::npos);
  }
  try {
    (void)co_await q.update("k-secret", inc);
    CHECK(false);
  } catch (const p::PersistanceSchemaError& e) {
    CHECK(e.key().empty() && std::string(e.what()).find("secret") == std::string::npos);
  }
  std::vector<std::pair<std::string, std::string>> some{
      {"a", "fine"}, {"b", "\xff"}, {"c", "\xfe"}};
  try {
    co_await text.setMany(some);
    CHECK(false);
  } catch (const p::PersistanceSchemaError& e) {
    CHECK(e.key() == "b" && e.method() == "setMany");
  }
  auto a = co_await text.get("a");
  CHECK(!a);
  p::Persistance<Angry> box(std::make_shared<Box>());
  Angry thirteen(13);
  std::optional<asio::awaitable<void>> set;
  try {
    set.emplace(box.set("k", thirteen));
  } catch (const std::runtime_error& e) {
    std::printf("set() of an object throws at the call: %s\n", e.what());
    CHECK(false);
  }
  if (set) try {
      co_await std::move(*set);
      CHECK(false);
    } catch (const p::PersistanceError& e) {
      std::printf("%s\n", e.what());
    } catch (const std::exception& e) {
      std::printf("set() of an object ends with a bare %s\n", e.what());
      CHECK(false);
    }
  auto found = co_await text.find("k-secret");
  CHECK(found && !found->timeToLive);
}
int main() {
  asio::io_context io;
  asio::co_spawn(io, p::layer::run(p::layerSchemaMemory, body), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  io.run();
  return bad ? 1 : 0;
}
