#include <algorithm>
#include <set>

#include "contract/within.hpp"

// keys, find and removeMany.

namespace persistance::test::contract {
namespace {

using Names = std::set<std::string>;

/// All keys, page by page, with what happens between two pages; and how often a page was over its limit.
template <class Between>
asio::awaitable<std::vector<std::string>> list(const Persistance<int>& store, std::string prefix,
                                               std::size_t limit, Between between) {
  std::vector<std::string> all;
  std::optional<std::string> next;
  do {
    KeyQuery query;
    query.prefix(prefix).limit(limit).after(next);
    KeyPage page = co_await store.keys(query);
    CHECK(page.keys.size() <= limit);
    all.insert(all.end(), page.keys.begin(), page.keys.end());
    next = page.next;
    if (next) co_await between();
  } while (next);
  co_return all;
}

asio::awaitable<void> nothing() { co_return; }

asio::awaitable<Names> names(const Persistance<int>& store, std::string prefix, std::size_t limit) {
  const auto all = co_await list(store, std::move(prefix), limit, nothing);
  co_return Names(all.begin(), all.end());
}

asio::awaitable<void> fill(const Persistance<int>& store, const Names& keys) {
  std::vector<std::pair<std::string, int>> entries;
  for (const std::string& key : keys) entries.emplace_back(key, 1);
  co_await store.setMany(entries);
}

Names numbered(const std::string& prefix, int count) {
  Names keys;
  for (int i = 0; i < count; ++i) keys.insert(prefix + std::to_string(i));
  return keys;
}

void pages(const Subject& subject) {
  within(subject, [&](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("a");
    const KeyPage none = co_await store.keys();
    CHECK(none.keys.empty());
    CHECK(!none.next);
    const Names keys = numbered("k", 100);
    co_await fill(store, keys);
    auto other = co_await stores.make<int>("a:b");
    const Names theirs = numbered("other", 10);
    co_await fill(other, theirs);
    for (const std::size_t limit : {1U, 7U, 99U, 100U, 1000U}) {
      const auto all = co_await list(store, "", limit, nothing);
      CHECK(Names(all.begin(), all.end()) == keys);
      if (subject.listsOnce) CHECK(all.size() == keys.size());
    }
    CHECK(co_await names(other, "", 3) == theirs);
  });
}

void prefixes(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("a");
    const std::string zero("\0", 1);
    const Names keys{"",
                     "a",
                     "ab",
                     "abc",
                     "b",
                     "*",
                     "*a",
                     "[a]",
                     "?",
                     "\\",
                     "a:b",
                     zero + "a",
                     zero,
                     "\xff",
                     "\xff\xff",
                     std::string(493, 'x'),
                     std::string(494, 'x'),
                     std::string(600, 'x'),
                     std::string(599, 'x') + "y",
                     std::string(65536, 'z')};
    co_await fill(store, keys);
    for (const std::string& prefix :
         {std::string(), std::string("a"), std::string("ab"), std::string("*"), std::string("["),
          std::string("?"), std::string("\\"), zero, std::string("\xff"), std::string(10, 'x'),
          std::string(494, 'x'), std::string(599, 'x'), std::string("none")}) {
      Names expected;
      for (const std::string& key : keys)
        if (key.starts_with(prefix)) expected.insert(key);
      CHECK(co_await names(store, prefix, 1000) == expected);
      CHECK(co_await names(store, prefix, 2) == expected);
    }
  });
}

void listsWhatLives(const Subject& subject) {
  within(subject, [&](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("a");
    co_await store.set("passing", 1, 5 * subject.unit);
    co_await store.set("removed", 1);
    co_await store.set("staying", 1);
    co_await store.remove("removed");
    const Names both{"passing", "staying"};
    const Names one{"staying"};
    CHECK(co_await names(store, "", 10) == both);
    co_await subject.pass(6 * subject.unit);
    CHECK(co_await names(store, "", 10) == one);
    co_await store.clear();
    CHECK((co_await names(store, "", 10)).empty());
  });
}

void listsWhatStays(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("a");
    const Names staying = numbered("staying", 200);
    const Names going = numbered("going", 200);
    co_await fill(store, staying);
    co_await fill(store, going);
    int round = 0;
    const auto change = [&]() -> asio::awaitable<void> {
      const Names coming = numbered("coming " + std::to_string(round) + " ", 50);
      co_await fill(store, coming);
      std::vector<std::string> gone;
      for (int i = 0; i < 10; ++i) gone.push_back("going" + std::to_string((10 * round + i) % 200));
      co_await store.removeMany(gone);
      ++round;
    };
    const auto limited = [&]() -> asio::awaitable<void> {
      if (round < 20) co_await change();
    };
    const auto all = co_await list(store, "", 17, limited);
    const Names seen(all.begin(), all.end());
    CHECK(std::includes(seen.begin(), seen.end(), staying.begin(), staying.end()));
  });
}

void nonsense(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("a");
    const Names some = numbered("k", 30);
    co_await fill(store, some);
    for (const std::string& next :
         {std::string(), std::string("\xff\xff"), std::string("1:2:3:4"), std::string(70000, 'n'),
          std::string("-1"), std::string("99999999999999999999")}) {
      KeyQuery query;
      query.after(next).limit(5);
      (void)co_await failure(store.keys(query));
    }
    CHECK(co_await names(store, "", 4) == some);
  });
}

void findWithTime(const Subject& subject) {
  within(subject, [&](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("a");
    CHECK(!(co_await store.find("none")).has_value());
    co_await store.set("staying", 1);
    const auto staying = co_await store.find("staying");
    REQUIRE(staying);
    CHECK(staying->value == 1);
    CHECK(!staying->timeToLive);
    co_await store.set("passing", 2, 10 * subject.unit);
    co_await subject.pass(3 * subject.unit);
    const auto passing = co_await store.find("passing");
    REQUIRE(passing);
    CHECK(passing->value == 2);
    REQUIRE(passing->timeToLive);
    CHECK(passing->timeToLive->count() > 0);
    CHECK(*passing->timeToLive <= 7 * subject.unit);
    co_await subject.pass(8 * subject.unit);
    CHECK(!(co_await store.find("passing")).has_value());
  });
}

void removeMany(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("a");
    const Names keys = numbered("k", 10);
    co_await fill(store, keys);
    const std::vector<std::string> none;
    co_await store.removeMany(none);
    const std::vector<std::string> some{"k1", "absent", "k3", "k1", "k5"};
    co_await store.removeMany(some);
    const Names left{"k0", "k2", "k4", "k6", "k7", "k8", "k9"};
    CHECK(co_await names(store, "", 10) == left);
    const std::vector<std::string> tooLong{"k0", std::string(65537, 'k')};
    CHECK(co_await failure(store.removeMany(tooLong)) == BackingErrc::tooLarge);
    CHECK(co_await store.get("k0") == 1);
  });
}

void removeVeryMany(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("a");
    const Names keys = numbered("many ", 5000);
    co_await fill(store, keys);
    co_await store.set("staying", 1);
    const std::vector<std::string> all(keys.begin(), keys.end());
    CHECK((co_await store.getMany(all)).back() == 1);
    co_await store.removeMany(all);
    const Names left{"staying"};
    CHECK(co_await names(store, "", 100) == left);
  });
}

}  // namespace

const std::vector<Check> listingChecks{
    {"keys gives each key once, page by page, of one store", pages},
    {"keys with a prefix, whatever bytes it has", prefixes},
    {"keys gives those that live", listsWhatLives},
    {"keys that stay are seen whatever comes and goes meanwhile", listsWhatStays},
    {"a next that nobody gave ends", nonsense},
    {"find tells the value and what is left of its time", findWithTime},
    {"removeMany removes those keys", removeMany},
    {"setMany, getMany and removeMany of thousands", removeVeryMany},
};

}  // namespace persistance::test::contract
