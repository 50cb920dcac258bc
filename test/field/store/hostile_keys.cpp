// Promises: keys of 0 to 65,536 bytes of any kind are keys like any other; a longer one is `tooLarge` in every operation and place and nothing of
// a setMany is written; foreign `after`s end; prefixes of any bytes; keys that collide or look like numbers stay apart.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <persistance/persistance.hpp>
#include <set>

#include "field/store/check.hpp"

namespace p = persistance;
template <class F>
asio::awaitable<void> tooLarge(const char* name, const F& f) {
  try {
    co_await f();
    CHECK(!"tooLarge was expected");
  } catch (const p::PersistanceBackingError& e) {
    if (e.code() != p::BackingErrc::tooLarge || e.method() != name) {
      std::printf("%s: %.100s\n", name, e.what());
      CHECK(false);
    }
    if (std::string(e.what()).size() > 2000)
      std::printf("%s: what() has %zu bytes\n", name, std::string(e.what()).size());
  }
}
asio::awaitable<void> body(p::SchemaPersistance& stores) {
  auto s = co_await stores.make<int>("n");
  std::vector<std::string> keys{"",
                                std::string(1, '\0'),
                                std::string(2, '\0'),
                                std::string("a\0b", 3),
                                "a",
                                "\xff",
                                "\xff\xff",
                                std::string(65536, '\xff'),
                                std::string(65536, 'k'),
                                "\n\r\x1b[31m",
                                "1",
                                "01",
                                "{}",
                                "*",
                                "%s%n",
                                "a:b",
                                "\xc3\x28",
                                std::string(65535, 'k')};
  std::set<std::string> all(keys.begin(), keys.end());
  std::vector<std::pair<std::string, int>> entries;
  for (std::size_t i = 0; i < keys.size(); ++i) entries.emplace_back(keys[i], int(i));
  co_await s.setMany(entries);
  auto got = co_await s.getMany(keys);
  for (std::size_t i = 0; i < keys.size(); ++i) CHECK(got[i] == int(i));
  for (std::size_t limit : {0, 1, 2, 5, 100000, 1 << 30}) {
    std::set<std::string> seen;
    p::KeyPage page;
    p::KeyQuery q;
    q.limit(limit);
    do {
      page = co_await s.keys(q.after(page.next));
      for (auto& k : page.keys) CHECK(seen.insert(k).second);
      CHECK(page.keys.size() <= std::max<std::size_t>(limit, 1));
    } while (page.next);
    CHECK(seen == all);
  }
  for (auto& prefix : keys) {
    std::size_t n = 0, want = 0;
    p::KeyPage page;
    p::KeyQuery q;
    q.prefix(prefix).limit(3);
    do {
      page = co_await s.keys(q.after(page.next));
      n += page.keys.size();
      for (auto& k : page.keys) CHECK(k.starts_with(prefix));
    } while (page.next);
    for (auto& k : keys) want += k.starts_with(prefix);
    CHECK(n == want);
  }
  std::vector<std::string> afters{"",
                                  "0",
                                  "-1",
                                  "99999999999999999999999",
                                  "a",
                                  "\xff",
                                  std::string(100'000, '9'),
                                  std::string(65537, '\0'),
                                  "18446744073709551615"};
  for (auto& after : afters) {
    p::KeyPage page;
    page.next = after;
    int turns = 0;
    try {
      do {
        page = co_await s.keys(p::KeyQuery().limit(2).after(page.next));
        ++turns;
      } while (page.next && turns < 100);
      CHECK(turns < 100);
    } catch (const p::PersistanceBackingError&) {
    }
  }
  std::string big(65537, 'k');
  p::KeyPage huge;
  try {
    huge = co_await s.keys(p::KeyQuery().prefix(big));
    CHECK(huge.keys.empty());
  } catch (const p::PersistanceBackingError& e) {
    CHECK(e.code() == p::BackingErrc::tooLarge);
  }
  auto id = [](std::optional<int> v) { return v; };
  std::vector<std::string> some{"a", big};
  std::vector<std::pair<std::string, int>> bad{{"a", 99}, {big, 1}};
  auto f0 = [&] { return s.set(big, 1); };
  co_await tooLarge("set", f0);
  auto f1 = [&]() -> asio::awaitable<void> { (void)co_await s.get(big); };
  co_await tooLarge("get", f1);
  auto f2 = [&]() -> asio::awaitable<void> { (void)co_await s.getMany(some); };
  co_await tooLarge("getMany", f2);
  auto f3 = [&] { return s.setMany(bad); };
  co_await tooLarge("setMany", f3);
  auto f4 = [&] { return s.remove(big); };
  co_await tooLarge("remove", f4);
  auto f5 = [&] { return s.removeMany(some); };
  co_await tooLarge("removeMany", f5);
  auto f6 = [&]() -> asio::awaitable<void> { (void)co_await s.setIfAbsent(big, 1); };
  co_await tooLarge("setIfAbsent", f6);
  auto f7 = [&]() -> asio::awaitable<void> { (void)co_await s.update(big, id); };
  co_await tooLarge("update", f7);
  auto f8 = [&]() -> asio::awaitable<void> { (void)co_await s.find(big); };
  co_await tooLarge("find", f8);
  auto a = co_await s.get("a");
  CHECK(a == 4);
  auto text = co_await stores.make<std::string>("n");  // the error of a hostile key can be logged
  try {
    (void)co_await text.get("\n\r\x1b[31m");
    CHECK(false);
  } catch (const p::PersistanceSchemaError& e) {
    CHECK(e.key() == "\n\r\x1b[31m");
    if (std::string(e.what()).find_first_of("\n\x1b") != std::string::npos)
      std::printf("what() has raw control characters\n");
  }
  std::vector<std::string> ids{"", std::string(1, '\0'), std::string(100'000, 'i'), "\xff",
                               "../../etc"};
  for (auto& sid : ids) {
    try {
      auto st = co_await stores.make<int>(sid);
      auto none = co_await st.get("a");
      CHECK(!none);
      co_await st.set("a", 1);
    } catch (const p::PersistanceBackingError& e) {
      std::printf("store id of %zu bytes: %.80s\n", sid.size(), e.what());
    }
  }
}
int main() {
  asio::io_context io;
  asio::co_spawn(io, p::layer::run(p::layerSchemaMemory, body), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  io.run();
}
