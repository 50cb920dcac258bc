// Promises: the basic operations do what persistance.hpp and extensions.hpp say, one after the other.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <persistance/persistance.hpp>

#include "field/store/check.hpp"

namespace p = persistance;
using namespace std::chrono_literals;
struct User {
  std::string name;
  int age = 0;
  static auto schema() { return p::schema::object<User>(); }
  bool operator==(const User&) const = default;
};

asio::awaitable<void> body(p::SchemaPersistance& stores) {
  auto users = co_await stores.make<User>("users");
  User ada{"Ada", 36}, bob{"Bob", 1};
  auto none = co_await users.get("ada");
  CHECK(!none);
  co_await users.set("ada", ada);
  auto found = co_await users.get("ada");
  CHECK(found && *found == ada);
  auto again = co_await stores.make<User>("users");
  found = co_await again.get("ada");
  CHECK(found == ada);
  auto other = co_await stores.make<User>("others");
  found = co_await other.get("ada");
  CHECK(!found);

  auto n = co_await stores.make<int>("n");
  co_await n.set("a", 1);
  for (auto zero : {0ms, -5ms, std::chrono::milliseconds::min()}) {
    co_await n.set("a", 2, zero);
    bool stored = co_await n.setIfAbsent("fresh", 2, zero);
    CHECK(!stored);
    bool called = false;
    auto f = [&called](std::optional<int>) -> std::optional<int> {
      called = true;
      return 9;
    };
    auto r = co_await n.update("a", f, zero);
    CHECK(!called && r == 1);
  }
  std::chrono::duration<double> nan(std::numeric_limits<double>::quiet_NaN());
  std::chrono::duration<double> inf(std::numeric_limits<double>::infinity());
  co_await n.set("a", 2, nan);
  auto a = co_await n.get("a");
  CHECK(a == 1);
  co_await n.set("inf", 3, inf);
  auto fi = co_await n.find("inf");
  CHECK(fi && fi->value == 3);
  if (!fi->timeToLive) std::printf("an infinite time to live is: for ever\n");
  co_await n.set("ns", 4, 1ns);
  std::vector<std::pair<std::string, int>> many{{"x", 1}, {"y", 2}, {"x", 3}};
  co_await n.setMany(many);
  std::vector<std::string> keys{"y", "missing", "x", "x", ""};
  auto got = co_await n.getMany(keys);
  CHECK(got.size() == 5 && got[0] == 2 && !got[1] && got[2] == 3 && got[3] == 3 && !got[4]);
  std::vector<std::string> nokeys;
  got = co_await n.getMany(nokeys);
  CHECK(got.empty());
  std::vector<std::pair<std::string, int>> nothing;
  co_await n.setMany(nothing);
  co_await n.removeMany(nokeys);
  co_await n.remove("missing");
  std::vector<std::string> gone{"y", "y", "missing"};
  co_await n.removeMany(gone);
  auto y = co_await n.get("y");
  CHECK(!y);
  bool first = co_await n.setIfAbsent("lock", 7), second = co_await n.setIfAbsent("lock", 8, 1h);
  CHECK(first && !second);
  auto lock = co_await n.find("lock");
  CHECK(lock && lock->value == 7 && !lock->timeToLive);
  auto inc = [](std::optional<int> v) { return std::optional<int>(v.value_or(0) + 1); };
  for (int i = 0; i < 5; ++i) co_await n.update("count", inc);
  auto count = co_await n.update("count", inc, 10s);
  CHECK(count == 6);
  auto c = co_await n.find("count");
  CHECK(c && c->timeToLive && *c->timeToLive > 0ms && *c->timeToLive <= 10s);
  co_await n.update("count", inc);  // without a time to live: for ever again
  c = co_await n.find("count");
  CHECK(c && c->value == 7 && !c->timeToLive);
  auto drop = [](std::optional<int>) { return std::optional<int>(); };
  auto dropped = co_await n.update("count", drop);
  auto gone2 = co_await n.get("count");
  CHECK(!dropped && !gone2);
  auto plain = [](std::optional<int>) { return 5; };  // returns A, not optional<A>
  auto five = co_await n.update("five", plain);
  CHECK(five == 5);
  auto page = co_await n.keys();
  std::sort(page.keys.begin(), page.keys.end());
  for (auto& k : page.keys)
    CHECK(k == "a" || k == "five" || k == "inf" || k == "lock" || k == "x" || k == "ns");
  CHECK(page.keys.size() >= 5 && !page.next);
  co_await n.clear();
  page = co_await n.keys();
  CHECK(page.keys.empty() && !page.next);
  found = co_await users.get("ada");
  CHECK(found == ada);
  try {
    auto wrong = co_await stores.make<std::string>("users");
    (void)co_await wrong.get("ada");
    CHECK(false);
  } catch (const p::PersistanceSchemaError& e) {
    CHECK(e.method() == "get" && e.key() == "ada" && !e.errors().empty());
  }
}
int main() {
  asio::io_context io;
  std::exception_ptr error;
  asio::co_spawn(io, p::layer::run(p::layerSchemaMemory, body),
                 [&](std::exception_ptr e) { error = e; });
  io.run();
  if (error) std::rethrow_exception(error);
}
