// Promises: every kind of type that schema::of lists comes back as it was: move-only values, empty structs, variants, optionals, nested
// containers, extreme numbers, strings with any bytes in byte vectors; text that is no UTF-8 and a nested null are schema errors.
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <persistance/persistance.hpp>

#include "field/store/check.hpp"

namespace p = persistance;
namespace s = persistance::schema;
struct Empty {
  static auto schema() { return s::object<Empty>(); }
  bool operator==(const Empty&) const = default;
};
struct Only {
  std::unique_ptr<int> n;
  std::vector<std::unique_ptr<std::string>> v;
  Only() = default;
  static auto schema() { return s::object<Only>(s::field("n", &Only::n), s::field("v", &Only::v)); }
};
struct Tree {
  int n = 0;
  std::vector<Tree> kids;
  static p::Schema<Tree> schema() {
    return s::object<Tree>(s::field("n", &Tree::n), s::field("kids", &Tree::kids));
  }
  bool operator==(const Tree&) const = default;
};
enum class Colour { red, green = 7, blue };
struct Deep {
  std::map<std::string, std::vector<std::optional<std::tuple<int, std::string>>>> m;
  std::array<std::array<int, 2>, 3> a{};
  Colour c = Colour::blue;
  std::variant<int, std::string, std::monostate> v;
  std::unordered_map<int, std::set<std::string>> u;
  char name[8] = {};
  int grid[2][3] = {};
  bool b = true;
  std::shared_ptr<Empty> e;
  static auto schema() { return s::object<Deep>(); }
};
template <class A>
asio::awaitable<A> trip(p::SchemaPersistance& stores, const A& value) {
  auto st = co_await stores.make<A>("t");
  co_await st.set("k", value);
  auto got = co_await st.get("k");
  CHECK(got);
  std::vector<std::string> ks{"k", "k"};
  auto many = co_await st.getMany(ks);
  CHECK(many.size() == 2 && many[0] && many[1]);
  auto found = co_await st.find("k");
  CHECK(found);
  auto id = [](std::optional<A> v) { return v; };
  auto up = co_await st.update("k", id);
  CHECK(up);
  co_await st.remove("k");
  bool stored = co_await st.setIfAbsent("k", value);
  CHECK(stored);
  co_await st.clear();
  co_return std::move(*got);
}
template <class A>
asio::awaitable<void> same(p::SchemaPersistance& stores, const A& value) {
  A got = co_await trip<A>(stores, value);
  CHECK(got == value);
}
template <class A>
asio::awaitable<void> refused(p::SchemaPersistance& stores, const A& value) {
  try {
    (void)co_await trip<A>(stores, value);
  } catch (const p::PersistanceSchemaError& e) {
    CHECK(e.method() == "set" && !e.errors().empty());
    co_return;
  }
  CHECK(!"refused");
}
template <class I>
asio::awaitable<void> ends(p::SchemaPersistance& st) {
  co_await same<I>(st, std::numeric_limits<I>::min());
  co_await same<I>(st, std::numeric_limits<I>::max());
  co_await same<I>(st, 0);
}
asio::awaitable<void> body(p::SchemaPersistance& st) {
  Only only;
  only.n = std::make_unique<int>(7);
  only.v.push_back(std::make_unique<std::string>("x"));
  only.v.push_back(nullptr);
  Only back = co_await trip(st, only);
  CHECK(*back.n == 7 && *back.v[0] == "x" && !back.v[1]);
  auto up = std::make_unique<int>(3);
  auto ub = co_await trip(st, up);
  CHECK(*ub == 3);
  using V = std::variant<std::monostate, bool, int, double, std::string, std::vector<int>>;
  V v0;
  co_await same(st, v0);
  V v1 = true;
  co_await same(st, v1);
  V v2 = 5;
  co_await same(st, v2);
  V v3 = 2.5;
  co_await same(st, v3);
  V v4 = "s";
  co_await same(st, v4);
  V v5 = std::vector<int>{1};
  co_await same(st, v5);
  V whole = 5.0;
  try {
    co_await same(st, whole);
    std::printf("variant<int, double>(5.0) comes back\n");
  } catch (const p::PersistanceSchemaError& x) {
    std::printf("variant<int, double>(5.0): %s\n", x.what());
  }
  Deep d;
  d.m["k"] = {std::nullopt, std::tuple(1, "s")};
  d.a[1][1] = 9;
  d.v = "text";
  d.u[-5] = {"a", ""};
  std::snprintf(d.name, 8, "seven77");
  d.grid[1][2] = 6;
  d.b = false;
  d.e = std::make_shared<Empty>();
  Deep g = co_await trip(st, d);
  CHECK(g.m == d.m && g.a == d.a && g.v == d.v && g.u == d.u && g.grid[1][2] == 6 && !g.b && g.e &&
        g.c == Colour::blue && std::string(g.name) == "seven77");
}
int main() {
  asio::io_context io;
  asio::co_spawn(io, p::layer::run(p::layerSchemaMemory, body), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  io.run();
}
