#include <nlohmann/json.hpp>

#include "contract/within.hpp"

// Writes that depend on what is stored.

namespace persistance::test::contract {
namespace {

using nlohmann::json;

void setIfAbsent(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<std::string>("texts");
    CHECK(co_await store.setIfAbsent("k", "first"));
    CHECK_FALSE(co_await store.setIfAbsent("k", "second"));
    CHECK(co_await store.get("k") == "first");
    co_await store.remove("k");
    CHECK(co_await store.setIfAbsent("k", "third"));
    CHECK(co_await store.get("k") == "third");
    CHECK(co_await store.setIfAbsent("", "the empty key"));
    const std::string invalid = "\xff";
    CHECK(co_await issues(store.setIfAbsent("invalid", invalid)) == 1);
    CHECK(co_await store.get("invalid") == std::nullopt);
  });
}

void setIfAbsentInTime(const Subject& subject) {
  within(subject, [&](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("numbers");
    CHECK_FALSE(co_await store.setIfAbsent("k", 0, std::chrono::seconds(0)));
    CHECK(co_await store.setIfAbsent("k", 1, 5 * subject.unit));
    CHECK_FALSE(co_await store.setIfAbsent("k", 2));
    co_await subject.pass(6 * subject.unit);
    CHECK(co_await store.get("k") == std::nullopt);
    CHECK(co_await store.setIfAbsent("k", 3));
    co_await subject.pass(6 * subject.unit);
    CHECK(co_await store.get("k") == 3);
  });
}

void update(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("numbers");
    const auto increment = [](std::optional<int> old) { return old.value_or(0) + 1; };
    CHECK(co_await store.update("k", increment) == 1);
    CHECK(co_await store.update("k", increment) == 2);
    CHECK(co_await store.get("k") == 2);
    const auto nothing = [](std::optional<int>) { return std::optional<int>(); };
    CHECK(co_await store.update("k", nothing) == std::nullopt);
    CHECK(co_await store.get("k") == std::nullopt);
    CHECK(co_await store.update("k", nothing) == std::nullopt);
  });
}

void updateInTime(const Subject& subject) {
  within(subject, [&](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("numbers");
    const auto increment = [](std::optional<int> old) { return old.value_or(0) + 1; };
    co_await store.set("for ever", 1, 5 * subject.unit);
    CHECK(co_await store.update("for ever", increment) == 2);
    CHECK(co_await store.update("passing", increment, 5 * subject.unit) == 1);
    CHECK(co_await store.update("passing", increment, std::chrono::seconds(0)) == 1);
    co_await subject.pass(6 * subject.unit);
    CHECK(co_await store.get("for ever") == 2);
    CHECK(co_await store.update("passing", increment) == 1);
  });
}

void updateThatThrows(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto store = co_await stores.make<int>("numbers");
    co_await store.set("k", 1);
    const auto refuse = [](std::optional<int>) -> int { throw std::domain_error("no"); };
    bool thrown = false;
    try {
      (void)co_await store.update("k", refuse);
    } catch (const std::domain_error&) {
      thrown = true;
    }
    CHECK(thrown);
    CHECK(co_await store.get("k") == 1);
  });
}

void updateOfInvalid(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto raw = co_await stores.make<json>("numbers");
    auto store = co_await stores.make<int>("numbers");
    const json text("text");
    co_await raw.set("k", text);
    int called = 0;
    const auto count = [&called](std::optional<int>) { return ++called; };
    CHECK(co_await issues(store.update("k", count)) == 1);
    CHECK(co_await issues(store.update("k", count, std::chrono::seconds(0))) == 1);
    CHECK(called == 0);
    CHECK(co_await raw.get("k") == text);
  });
}

void oneOfManyWins(const Subject& subject) {
  int won = 0;
  within(
      subject,
      [&](SchemaPersistance& stores) -> asio::awaitable<void> {
        auto store = co_await stores.make<int>("numbers");
        for (int round = 0; round < 20; ++round) {
          std::atomic<int> stored = 0;
          std::atomic<int> left = 8;
          const auto executor = co_await asio::this_coro::executor;
          const auto key = "round " + std::to_string(round);
          const auto racer = [&](int id) -> asio::awaitable<void> {
            if (co_await store.setIfAbsent(key, id)) ++stored;
            --left;
          };
          for (int id = 0; id < 8; ++id) asio::co_spawn(executor, racer(id), asio::detached);
          while (left > 0) co_await asio::post(executor, asio::use_awaitable);
          if (stored == 1) ++won;
        }
      },
      4);
  CHECK(won == 20);
}

void updatesAreAtomic(const Subject& subject) {
  within(
      subject,
      [](SchemaPersistance& stores) -> asio::awaitable<void> {
        auto store = co_await stores.make<int>("numbers");
        constexpr int racers = 8;
        constexpr int each = 25;
        std::atomic<int> left = racers;
        const auto executor = co_await asio::this_coro::executor;
        const auto racer = [&]() -> asio::awaitable<void> {
          const auto increment = [](std::optional<int> old) { return old.value_or(0) + 1; };
          for (int i = 0; i < each; ++i) (void)co_await store.update("k", increment);
          --left;
        };
        for (int id = 0; id < racers; ++id) asio::co_spawn(executor, racer(), asio::detached);
        while (left > 0) co_await asio::post(executor, asio::use_awaitable);
        CHECK(co_await store.get("k") == racers * each);
      },
      4);
}

}  // namespace

const std::vector<Check> conditionalChecks{
    {"setIfAbsent stores where nothing is, and nowhere else", setIfAbsent},
    {"setIfAbsent takes a value that is over for nothing", setIfAbsentInTime},
    {"update stores what its function makes of what is there", update},
    {"update sets the time to live as set does", updateInTime},
    {"what the function of an update throws leaves what is there", updateThatThrows},
    {"an update of what does not decode leaves it", updateOfInvalid},
    {"of many who set if absent, one has stored", oneOfManyWins},
    {"no update of another is lost", updatesAreAtomic},
};

}  // namespace persistance::test::contract
