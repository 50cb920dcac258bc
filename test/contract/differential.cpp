#include <cstdlib>
#include <iostream>
#include <random>
#include <set>

#include "contract/within.hpp"

// One seeded sequence of operations on the backing and on memory: the same answers (H5).

namespace persistance::test::contract {
namespace {

using Texts = std::vector<std::optional<std::string>>;

unsigned seed() {
  const char* text = std::getenv("PERSISTANCE_SEED");
  return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : 20260823U;
}

/// The stores "a" and "a:b" of one backing.
struct Stores {
  Persistance<std::string> first;
  Persistance<std::string> second;
};

asio::awaitable<std::set<std::string>> allKeys(const Persistance<std::string>& store,
                                               std::size_t limit) {
  std::set<std::string> all;
  KeyPage page;
  do {
    KeyQuery query;
    query.limit(limit).after(std::exchange(page.next, {}));
    page = co_await store.keys(query);
    all.insert(page.keys.begin(), page.keys.end());
  } while (page.next);
  co_return all;
}

class Player {
 public:
  explicit Player(unsigned seed) : random_(seed) {}

  asio::awaitable<void> step(Stores& tested, Stores& model) {
    const bool first = below(2) == 0;
    Persistance<std::string>& store = first ? tested.first : tested.second;
    Persistance<std::string>& same = first ? model.first : model.second;
    switch (below(26)) {
      case 0: {
        if (below(10) != 0) break;
        co_await store.clear();
        co_await same.clear();
        break;
      }
      case 1:
      case 2: {
        const std::string name = key();
        co_await store.remove(name);
        co_await same.remove(name);
        break;
      }
      case 3:
      case 4: {
        const auto many = entries();
        co_await store.setMany(many);
        co_await same.setMany(many);
        break;
      }
      case 5:
      case 6: {
        const auto names = keys();
        const Texts found = co_await store.getMany(names);
        const Texts expected = co_await same.getMany(names);
        CHECK(found == expected);
        break;
      }
      case 7: {  // a time to live that no run outlives, and one that skips the write
        const std::string name = key();
        const std::string text = value();
        const std::chrono::hours timeToLive(below(2) == 0 ? 24 : 0);
        co_await store.set(name, text, timeToLive);
        co_await same.set(name, text, timeToLive);
        break;
      }
      case 8:
      case 9:
      case 10:
      case 11:
      case 12: {
        const std::string name = key();
        const std::string text = value();
        co_await store.set(name, text);
        co_await same.set(name, text);
        break;
      }
      case 13: {
        const std::string name = key();
        const std::string text = value();
        const bool stored = co_await store.setIfAbsent(name, text);
        CHECK(stored == co_await same.setIfAbsent(name, text));
        break;
      }
      case 14: {
        const std::string name = key();
        const std::size_t kind = below(3);
        const auto change = [kind](std::optional<std::string> old) -> std::optional<std::string> {
          if (kind == 0) return std::nullopt;
          return kind == 1 ? old : old.value_or("") + "+";
        };
        const auto stored = co_await store.update(name, change);
        CHECK(stored == co_await same.update(name, change));
        break;
      }
      case 15: {
        const auto names = keys();
        co_await store.removeMany(names);
        co_await same.removeMany(names);
        break;
      }
      case 16: {
        const std::string name = key();
        const auto found = co_await store.find(name);
        const auto expected = co_await same.find(name);
        CHECK(found.has_value() == expected.has_value());
        if (found && expected) {
          CHECK(found->value == expected->value);
          CHECK(found->timeToLive.has_value() == expected->timeToLive.has_value());
        }
        break;
      }
      case 17: {
        const std::size_t limit = below(9) + 1;
        CHECK(co_await allKeys(store, limit) == co_await allKeys(same, limit));
        break;
      }
      default: {
        const std::string name = key();
        const auto found = co_await store.get(name);
        const auto expected = co_await same.get(name);
        CHECK(found == expected);
      }
    }
  }

 private:
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

  std::string key() {
    static const std::vector<std::string> odd{"",
                                              std::string("\0", 1),
                                              "a:b",
                                              "{x}",
                                              "*",
                                              std::string(511, 'k'),
                                              std::string(512, 'k'),
                                              std::string(600, 'k'),
                                              std::string(600, 'k') + "l",
                                              "\xff"};
    const std::size_t pick = below(30);
    return pick < odd.size() ? odd[pick] : "key " + std::to_string(pick);
  }

  std::string value() {
    const std::size_t length = below(10) == 0 ? below(20000) : below(40);
    return std::string(length, static_cast<char>('a' + below(26)));
  }

  std::vector<std::string> keys() {
    std::vector<std::string> all;
    for (std::size_t i = below(12); i > 0; --i) all.push_back(key());
    return all;
  }

  std::vector<std::pair<std::string, std::string>> entries() {
    std::vector<std::pair<std::string, std::string>> all;
    for (std::size_t i = below(12); i > 0; --i) {
      std::string name = key();
      all.emplace_back(std::move(name), value());
    }
    return all;
  }

  std::mt19937 random_;
};

asio::awaitable<Stores> open(SchemaPersistance& stores) {
  auto first = co_await stores.make<std::string>("a");
  auto second = co_await stores.make<std::string>("a:b");
  Stores both{std::move(first), std::move(second)};
  co_return both;
}

void sameAsMemory(const Subject& subject) {
  const unsigned start = seed();
  INFO("PERSISTANCE_SEED=" << start);
  within(subject, [&](SchemaPersistance& stores) -> asio::awaitable<void> {
    const auto play = [&](SchemaPersistance& memory) -> asio::awaitable<void> {
      Player player(start);
      Stores tested = co_await open(stores);
      Stores model = co_await open(memory);
      for (int i = 0; i < subject.operations; ++i) co_await player.step(tested, model);
    };
    co_await layer::run(layerSchemaMemory, play);
  });
}

}  // namespace

const std::vector<Check> differentialChecks{
    {"a seeded sequence of operations answers as memory does (H5)", sameAsMemory},
};

}  // namespace persistance::test::contract
