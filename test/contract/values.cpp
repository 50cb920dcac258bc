#include <nlohmann/json.hpp>

#include "contract/within.hpp"

namespace persistance::test::contract {
namespace {

using nlohmann::json;
using Many = std::vector<std::pair<std::string, int>>;
using Slots = std::vector<std::optional<int>>;

void setAndGet(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<std::string>("users");
    CHECK(co_await store.get("ada") == std::nullopt);
    co_await store.set("ada", "Ada");
    CHECK(co_await store.get("ada") == "Ada");
    co_await store.set("ada", "Ada Lovelace");
    CHECK(co_await store.get("ada") == "Ada Lovelace");
  });
}

void setManyAndGetMany(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("numbers");
    Many entries{{"one", 1}, {"two", 2}, {"three", 3}};
    co_await store.setMany(entries);
    std::vector<std::string> keys{"three", "none", "one"};
    const Slots found = co_await store.getMany(keys);
    CHECK(found == Slots{3, std::nullopt, 1});
  });
}

void duplicateKeys(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("numbers");
    co_await store.set("a", 1);
    std::vector<std::string> keys{"a", "b", "a", "a", "b"};
    const Slots found = co_await store.getMany(keys);
    CHECK(found == Slots{1, std::nullopt, 1, 1, std::nullopt});
  });
}

void noKeys(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("numbers");
    const std::vector<std::string> noKeys;
    const std::vector<std::pair<std::string, int>> noEntries;
    CHECK((co_await store.getMany(noKeys)).empty());
    co_await store.setMany(noEntries);
  });
}

void lastOfRepeatedKeyWins(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("numbers");
    Many entries{{"a", 1}, {"b", 2}, {"a", 3}, {"b", 4}, {"c", 5}};
    co_await store.setMany(entries);
    std::vector<std::string> keys{"a", "b", "c"};
    const Slots found = co_await store.getMany(keys);
    CHECK(found == Slots{3, 4, 5});
  });
}

void removes(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("numbers");
    co_await store.set("a", 1);
    co_await store.set("b", 2);
    co_await store.remove("a");
    co_await store.remove("never there");
    CHECK(co_await store.get("a") == std::nullopt);
    CHECK(co_await store.get("b") == 2);
  });
}

void falsyValuesArePresent(const Subject& subject) {
  within(subject, [](BackingPersistance& backing) -> asio::awaitable<void> {
    auto raw = co_await backing.make("values");
    std::vector<json> values{json(nullptr), json(""),      json(false),
                             json(0),       json::array(), json::object()};
    for (const json& value : values) {
      co_await raw.set("k", value);
      const auto found = co_await raw.get("k");
      REQUIRE(found.has_value());
      CHECK(found->json() == value);
    }
  });
}

void largeValues(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<std::string>("large");
    for (const std::size_t size : {0UL, 1UL, 4095UL, 4096UL, 65536UL, 1048576UL}) {
      const std::string value(size, 'x');
      co_await store.set("k", value);
      CHECK(co_await store.get("k") == value);
    }
  });
}

void clearIsOfOneStore(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    const std::vector<std::string> ids{
        "a",  "a:b", "a*", "*",   "",     "[a-z]", "a\\",
        "a?", "{a}", "1",  "1:a", "a\nb", "A",     std::string("\0a", 2)};
    for (const std::string& cleared : ids) {
      for (const std::string& id : ids) {
        auto store = co_await stores.make<std::string>(id);
        co_await store.set("key", id);
        co_await store.set("b:key", id);
      }
      auto one = co_await stores.make<std::string>(cleared);
      co_await one.clear();
      co_await one.clear();
      for (const std::string& id : ids) {
        auto store = co_await stores.make<std::string>(id);
        std::optional<std::string> expected = id;
        if (id == cleared) expected.reset();
        CHECK(co_await store.get("key") == expected);
        CHECK(co_await store.get("b:key") == expected);
      }
    }
  });
}

void clearOfMany(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("numbers");
    Many entries;
    std::vector<std::string> keys;
    for (int i = 0; i < 3000; ++i) {
      keys.push_back("k" + std::to_string(i));
      entries.emplace_back(keys.back(), i);
    }
    co_await store.setMany(entries);
    co_await store.clear();
    const Slots found = co_await store.getMany(keys);
    CHECK(found == Slots(keys.size()));
    co_await store.set("k1", 1);
    CHECK(co_await store.get("k1") == 1);
  });
}

}  // namespace

const std::vector<Check> valueChecks{
    {"set + get", setAndGet},
    {"setMany + getMany", setManyAndGetMany},
    {"getMany with duplicate keys", duplicateKeys},
    {"getMany and setMany of nothing", noKeys},
    {"setMany: the last of a repeated key wins", lastOfRepeatedKeyWins},
    {"remove", removes},
    {"stored null, empty string, false and 0 are present", falsyValuesArePresent},
    {"values of every size", largeValues},
    {"isolation between stores, with clear, whatever characters the id has", clearIsOfOneStore},
    {"clear of many entries", clearOfMany},
};

}  // namespace persistance::test::contract
