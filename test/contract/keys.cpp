#include "contract/within.hpp"

namespace persistance::test::contract {
namespace {

void everyKeyRoundTrips(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("keys");
    const std::vector<std::string> keys{"",
                                        "a",
                                        std::string(511, 'k'),
                                        std::string(512, 'k'),
                                        std::string(513, 'k'),
                                        std::string(4096, 'k'),
                                        std::string(65536, 'k'),
                                        std::string(65535, 'k') + 'l',
                                        std::string(510, 'k') + 'l',
                                        std::string("\0", 1),
                                        std::string("a\0b", 3),
                                        "a\r\nSET x y\r\n",
                                        "\xff\xfe\xff",
                                        "\xc3\x28",
                                        "../../etc/passwd",
                                        "/",
                                        "\\",
                                        "*",
                                        "?",
                                        "[a-z]",
                                        "{",
                                        "}",
                                        "{}",
                                        "a{b}c",
                                        "{x}{y}",
                                        "a:b",
                                        ":",
                                        "::",
                                        "\n",
                                        " "};
    for (std::size_t i = 0; i < keys.size(); ++i) co_await store.set(keys[i], static_cast<int>(i));
    const auto all = co_await store.getMany(keys);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      CHECK(all[i] == static_cast<int>(i));
      CHECK(co_await store.get(keys[i]) == static_cast<int>(i));
    }
    for (std::size_t i = 0; i < keys.size(); i += 2) co_await store.remove(keys[i]);
    for (std::size_t i = 0; i < keys.size(); ++i)
      CHECK((co_await store.get(keys[i])).has_value() == (i % 2 == 1));
    CHECK(co_await store.get("") == std::nullopt);
  });
}

void tooLargeKeys(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("keys");
    const std::string key(65537, 'k');
    std::vector<std::string> keys{"a", key};
    std::vector<std::pair<std::string, int>> entries{{"a", 1}, {key, 2}};
    CHECK(co_await failure(store.get(key)) == BackingErrc::tooLarge);
    CHECK(co_await failure(store.set(key, 1)) == BackingErrc::tooLarge);
    CHECK(co_await failure(store.remove(key)) == BackingErrc::tooLarge);
    CHECK(co_await failure(store.getMany(keys)) == BackingErrc::tooLarge);
    CHECK(co_await failure(store.setMany(entries)) == BackingErrc::tooLarge);
    CHECK(co_await store.get("a") == std::nullopt);
  });
}

void noCollision(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    const std::vector<std::pair<std::string, std::string>> pairs{{"a", "b:c"},
                                                                 {"a:b", "c"},
                                                                 {"a:", "b:c"},
                                                                 {"a", ":b:c"},
                                                                 {"", "a:b:c"},
                                                                 {"a:b:c", ""},
                                                                 {"ab", "c"},
                                                                 {"a", "bc"},
                                                                 {std::string("a\0", 2), "b"},
                                                                 {"a", std::string("\0b", 2)},
                                                                 {"1", "1"},
                                                                 {"11", ""}};
    for (const auto& [id, key] : pairs) {
      auto store = co_await stores.make<std::string>(id);
      co_await store.set(key, id + "|" + key);
    }
    for (const auto& [id, key] : pairs) {
      auto store = co_await stores.make<std::string>(id);
      CHECK(co_await store.get(key) == id + "|" + key);
    }
  });
}

void longStoreIds(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    const std::string id(2000, 's');
    auto store = co_await stores.make<int>(id);
    auto other = co_await stores.make<int>(id + "t");
    co_await store.set("k", 1);
    co_await other.set("k", 2);
    CHECK(co_await store.get("k") == 1);
    co_await store.clear();
    CHECK(co_await store.get("k") == std::nullopt);
    CHECK(co_await other.get("k") == 2);
  });
}

}  // namespace

const std::vector<Check> keyChecks{
    {"every key of 0 to 65,536 bytes round-trips (B1, B2, B3, B4, B5, B7)", everyKeyRoundTrips},
    {"a key of 65,537 bytes is tooLarge (B2)", tooLargeKeys},
    {"store id and key never collide (B8)", noCollision},
    {"long store ids", longStoreIds},
};

}  // namespace persistance::test::contract
