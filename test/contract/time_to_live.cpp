#include "contract/within.hpp"

namespace persistance::test::contract {
namespace {

using Many = std::vector<std::pair<std::string, int>>;

void expires(const Subject& subject) {
  within(subject, [&](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("numbers");
    co_await store.set("a", 1, 10 * subject.unit);
    co_await store.set("for ever", 2);
    CHECK(co_await store.get("a") == 1);
    co_await subject.pass(5 * subject.unit);
    CHECK(co_await store.get("a") == 1);
    co_await subject.pass(5 * subject.unit);
    CHECK(co_await store.get("a") == std::nullopt);
    std::vector<std::string> keys{"a", "for ever"};
    const auto found = co_await store.getMany(keys);
    CHECK(found == std::vector<std::optional<int>>{std::nullopt, 2});
  });
}

void overwriteReplacesTimeToLive(const Subject& subject) {
  within(subject, [&](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("numbers");
    co_await store.set("permanent", 1, 5 * subject.unit);
    co_await store.set("permanent", 2);
    co_await store.set("shorter", 1, 1000 * subject.unit);
    co_await store.set("shorter", 2, 5 * subject.unit);
    co_await store.set("longer", 1, 5 * subject.unit);
    co_await store.set("longer", 2, 1000 * subject.unit);
    co_await subject.pass(6 * subject.unit);
    CHECK(co_await store.get("permanent") == 2);
    CHECK(co_await store.get("shorter") == std::nullopt);
    CHECK(co_await store.get("longer") == 2);
  });
}

void setManyWithAndWithout(const Subject& subject) {
  within(subject, [&](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("numbers");
    Many passing{{"a", 1}, {"b", 2}};
    co_await store.setMany(passing, 5 * subject.unit);
    Many staying{{"b", 3}, {"c", 4}};
    co_await store.setMany(staying);
    co_await subject.pass(6 * subject.unit);
    std::vector<std::string> keys{"a", "b", "c"};
    const auto found = co_await store.getMany(keys);
    CHECK(found == std::vector<std::optional<int>>{std::nullopt, 3, 4});
  });
}

void zeroOrLessSkips(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<std::string>("texts");
    co_await store.set("k", "old");
    const std::string invalid = "\xff";  // does not encode, and nobody asks
    Many none;
    co_await store.set("k", invalid, std::chrono::milliseconds(0));
    co_await store.set("k", "new", std::chrono::milliseconds(-1));
    std::vector<std::pair<std::string, std::string>> entries{{"k", invalid}};
    co_await store.setMany(entries, std::chrono::milliseconds(0));
    CHECK(co_await store.get("k") == "old");
  });
}

void endlessTimes(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("numbers");
    co_await store.set("max", 1, std::chrono::milliseconds::max());
    co_await store.set("hours", 2, std::chrono::hours::max());
    co_await store.set("century", 3, std::chrono::hours(24 * 36525));
    CHECK(co_await store.get("max") == 1);
    CHECK(co_await store.get("hours") == 2);
    CHECK(co_await store.get("century") == 3);
  });
}

void expiredThenWrittenAgain(const Subject& subject) {
  within(subject, [&](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("numbers");
    co_await store.set("a", 1, 2 * subject.unit);
    co_await subject.pass(3 * subject.unit);
    co_await store.set("a", 2);
    co_await store.set("b", 2, 2 * subject.unit);
    co_await subject.pass(3 * subject.unit);
    for (int i = 0; i < 10; ++i) co_await store.remove("none");  // whatever sweeps has swept
    CHECK(co_await store.get("a") == 2);
    CHECK(co_await store.get("b") == std::nullopt);
  });
}

}  // namespace

const std::vector<Check> timeChecks{
    {"expires at its very end (5 + 5 of 10)", expires},
    {"an overwrite replaces the time to live", overwriteReplacesTimeToLive},
    {"setMany without a time to live stores for ever", setManyWithAndWithout},
    {"a time to live of zero or less skips the write before encoding", zeroOrLessSkips},
    {"a time to live beyond the clock is for ever (C2)", endlessTimes},
    {"a value written over an expired one stays", expiredThenWrittenAgain},
};

}  // namespace persistance::test::contract
