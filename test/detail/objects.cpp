#include <doctest/doctest.h>

#include <map>
#include <persistance/persistance.hpp>

#include "support/event_log.hpp"
#include "support/run.hpp"

using namespace persistance;
using namespace std::chrono_literals;

namespace {

// The least that is asked for.
struct Numbers {
  std::map<std::string, int> values;

  asio::awaitable<std::optional<int>> get(std::string key) {
    const auto found = values.find(key);
    if (found == values.end()) co_return std::nullopt;
    co_return found->second;
  }
  asio::awaitable<std::vector<std::optional<int>>> getMany(std::vector<std::string> keys) {
    std::vector<std::optional<int>> all;
    for (const std::string& key : keys) all.push_back(co_await get(key));
    co_return all;
  }
  // A coroutine that borrows its value: it runs when the caller's value may be gone.
  asio::awaitable<void> set(std::string key, const int& value) {
    values[key] = value;
    co_return;
  }
  asio::awaitable<void> remove(std::string key) {
    values.erase(key);
    co_return;
  }
};

// Bytes that log what is called, and fail in ways of their own.
struct Scripted {
  test::EventLog log;
  std::map<std::string, Unknown> values;
  std::size_t missingSlots = 0;
  std::exception_ptr failure;
  bool removalFails = false;

  void called(const std::string& what) {
    log.add(what);
    if (failure) std::rethrow_exception(failure);
  }
  asio::awaitable<std::optional<Unknown>> get(std::string key) {
    called("get");
    const auto found = values.find(key);
    if (found == values.end()) co_return std::nullopt;
    co_return found->second;
  }
  asio::awaitable<std::vector<std::optional<Unknown>>> getMany(std::vector<std::string> keys) {
    called("getMany");
    std::vector<std::optional<Unknown>> slots;
    for (const std::string& key : keys) {
      const auto found = values.find(key);
      slots.push_back(found == values.end() ? std::nullopt : std::optional(found->second));
    }
    slots.resize(keys.size() - missingSlots);
    co_return slots;
  }
  asio::awaitable<void> set(std::string key, const Unknown& value) {
    called("set");
    values[key] = value;
    co_return;
  }
  asio::awaitable<void> set(std::string key, const Unknown& value, std::chrono::milliseconds time) {
    called("set for " + std::to_string(time.count()));
    values[key] = value;
    co_return;
  }
  asio::awaitable<void> remove(std::string key) {
    called("remove");
    if (removalFails) throw std::runtime_error("not now");
    values.erase(key);
    co_return;
  }
  asio::awaitable<void> clear() {
    called("clear");
    values.clear();
    co_return;
  }
};

// A backing of a user's own.
struct OwnBacking final : BackingPersistance {
  std::shared_ptr<Scripted> scripted = std::make_shared<Scripted>();

  asio::awaitable<Persistance<Unknown>> make(std::string storeId) override {
    if (storeId == "broken") throw std::runtime_error("no such store");
    co_return Persistance<Unknown>(scripted);
  }
};

template <class F>
void withOwnBacking(F f) {
  test::run([&]() -> asio::awaitable<void> {
    auto backing = std::make_shared<OwnBacking>();
    SchemaPersistance stores(backing);
    co_await f(stores, *backing->scripted);
  });
}

template <class T>
asio::awaitable<std::optional<PersistanceBackingError>> failure(asio::awaitable<T> operation) {
  try {
    co_await std::move(operation);
  } catch (const PersistanceBackingError& error) {
    co_return error;
  }
  co_return std::nullopt;
}

}  // namespace

TEST_SUITE("detail objects") {
  TEST_CASE("a Persistance is made from any object with the four operations") {
    test::run([]() -> asio::awaitable<void> {
      auto object = std::make_shared<Numbers>();
      Persistance numbers(object);
      static_assert(std::is_same_v<decltype(numbers), Persistance<int>>);
      auto pending = numbers.set("a", std::make_unique<int>(1).operator*());
      co_await std::move(pending);
      std::vector<std::pair<std::string, int>> entries{{"b", 2}, {"c", 3}};
      co_await numbers.setMany(entries);
      co_await numbers.remove("c");
      CHECK(co_await numbers.get("a") == 1);
      std::vector<std::string> keys{"b", "c"};
      const std::vector<std::optional<int>> expected{2, std::nullopt};
      CHECK(co_await numbers.getMany(keys) == expected);
      CHECK((co_await numbers.getMany(std::vector<std::string>())).empty());
      const auto noClear = co_await failure(numbers.clear());
      REQUIRE(noClear);
      CHECK(noClear->code() == BackingErrc::unsupported);
      const auto noTime = co_await failure(numbers.set("a", 2, 1s));
      REQUIRE(noTime);
      CHECK(noTime->code() == BackingErrc::unsupported);
      co_await numbers.set("a", 2, 0s);
      CHECK(co_await numbers.get("a") == 1);
    });
  }

  TEST_CASE("a schema goes on top of a user's own backing") {
    withOwnBacking([](SchemaPersistance& stores, Scripted& scripted) -> asio::awaitable<void> {
      auto names = co_await stores.make<std::string>("names");
      co_await names.set("a", "Ada");
      co_await names.set("b", "Bob", 1500us);
      CHECK(co_await names.get("a") == "Ada");
      std::vector<std::string> keys{"a", "x", "b"};
      const std::vector<std::optional<std::string>> expected{"Ada", std::nullopt, "Bob"};
      CHECK(co_await names.getMany(keys) == expected);
      std::vector<std::string> oneKey{"a"};
      CHECK((co_await names.getMany(oneKey)).size() == 1);
      CHECK((co_await names.getMany(std::vector<std::string>())).empty());
      co_await names.remove("a");
      co_await names.clear();
      CHECK(scripted.log.text() == "set set for 2 get getMany getMany remove clear");
    });
  }

  TEST_CASE(
      "a backing that answers getMany with the wrong number of slots is an error that states both "
      "counts") {
    withOwnBacking([](SchemaPersistance& stores, Scripted& scripted) -> asio::awaitable<void> {
      auto names = co_await stores.make<std::string>("names");
      scripted.missingSlots = 1;
      std::vector<std::string> keys{"a", "b", "c"};
      const auto error = co_await failure(names.getMany(keys));
      REQUIRE(error);
      CHECK(error->code() == BackingErrc::protocol);
      CHECK(std::string(error->what()).find("2 slots for 3 keys") != std::string::npos);
    });
  }

  TEST_CASE("setMany hands each key to the backing once, with its last value") {
    withOwnBacking([](SchemaPersistance& stores, Scripted& scripted) -> asio::awaitable<void> {
      auto names = co_await stores.make<std::string>("names");
      std::vector<std::pair<std::string, std::string>> entries{{"a", "1"}, {"b", "2"}, {"a", "3"}};
      co_await names.setMany(entries);
      CHECK(scripted.log.text() == "set set");
      CHECK(co_await names.get("a") == "3");
      CHECK(co_await names.get("b") == "2");
    });
  }

  TEST_CASE("getMany: a failing removal of an invalid entry is swallowed") {
    withOwnBacking([](SchemaPersistance& stores, Scripted& scripted) -> asio::awaitable<void> {
      auto numbers = co_await stores.make<int>("numbers");
      scripted.values["bad"] = Unknown(nlohmann::json("text"));
      scripted.removalFails = true;
      std::vector<std::string> keys{"bad"};
      const std::vector<std::optional<int>> nothing{std::nullopt};
      CHECK(co_await numbers.getMany(keys) == nothing);
      CHECK(scripted.values.size() == 1);
      scripted.removalFails = false;
      CHECK(co_await numbers.getMany(keys) == nothing);
      CHECK(scripted.values.empty());
      CHECK(scripted.log.text() == "getMany remove getMany remove");
    });
  }

  TEST_CASE("whatever a backing throws becomes a PersistanceBackingError that holds it") {
    withOwnBacking([](SchemaPersistance& stores, Scripted& scripted) -> asio::awaitable<void> {
      auto names = co_await stores.make<std::string>("names");
      std::vector<std::string> keys{"k"};
      std::vector<std::pair<std::string, std::string>> entries{{"k", "v"}};
      const auto each = [&](const char* method, std::optional<PersistanceBackingError> error,
                            const char* key) {
        REQUIRE(error);
        CHECK(error->method() == method);
        CHECK(error->key() == key);
        CHECK(error->error() == scripted.failure);
        CHECK(error->code() == BackingErrc::unavailable);
      };
      scripted.failure = std::make_exception_ptr(std::runtime_error("no route"));
      each("get", co_await failure(names.get("k")), "k");
      each("getMany", co_await failure(names.getMany(keys)), "");
      each("set", co_await failure(names.set("k", "v")), "k");
      each("setMany", co_await failure(names.setMany(entries)), "");
      each("remove", co_await failure(names.remove("k")), "k");
      each("clear", co_await failure(names.clear()), "");
      scripted.failure = std::make_exception_ptr(42);
      each("get", co_await failure(names.get("k")), "k");
    });
  }

  TEST_CASE("a backing's own code, bad_alloc and operation_aborted go through as they are") {
    withOwnBacking([](SchemaPersistance& stores, Scripted& scripted) -> asio::awaitable<void> {
      auto names = co_await stores.make<std::string>("names");
      scripted.failure = std::make_exception_ptr(backing::Failure(BackingErrc::full, "2 GiB"));
      const auto error = co_await failure(names.get("k"));
      REQUIRE(error);
      CHECK(error->code() == BackingErrc::full);
      CHECK(std::string(error->what()) == R"(get "k": the store is full: 2 GiB)");
      scripted.failure = std::make_exception_ptr(std::bad_alloc());
      bool outOfMemory = false;
      try {
        co_await names.get("k");
      } catch (const std::bad_alloc&) {
        outOfMemory = true;
      }
      CHECK(outOfMemory);
      scripted.failure = std::make_exception_ptr(std::system_error(asio::error::operation_aborted));
      bool cancelled = false;
      try {
        co_await names.get("k");
      } catch (const std::system_error& aborted) {
        cancelled = aborted.code() == asio::error::operation_aborted;
      }
      CHECK(cancelled);
    });
  }

  TEST_CASE("a failing make says so") {
    withOwnBacking([](SchemaPersistance& stores, Scripted&) -> asio::awaitable<void> {
      const auto error = co_await failure(stores.make<int>("broken"));
      REQUIRE(error);
      CHECK(error->method() == "make");
      CHECK(error->error() != nullptr);
    });
  }

  TEST_CASE("a null pointer is a handle without a store: closed, and no crash") {
    test::run([]() -> asio::awaitable<void> {
      const Persistance<int> ofNoObject((std::shared_ptr<Numbers>()));
      const Persistance<int> ofNoBytes(nullptr, schema::of<int>());
      SchemaPersistance ofNoBacking(nullptr);
      const auto noObject = co_await failure(ofNoObject.get("k"));
      const auto noBytes = co_await failure(ofNoBytes.get("k"));
      const auto noBacking = co_await failure(ofNoBacking.make<int>("s"));
      REQUIRE((noObject && noBytes && noBacking));
      CHECK(noObject->code() == BackingErrc::closed);
      CHECK(noBytes->code() == BackingErrc::closed);
      CHECK(noBacking->code() == BackingErrc::closed);
    });
  }

  TEST_CASE("the limit of keys is that of every store") {
    const auto numbers = std::make_shared<Numbers>();
    const Persistance<int> store(numbers);
    const std::string key(65537, 'k');
    const auto code = [](auto operation) {
      try {
        test::run(operation);
      } catch (const PersistanceBackingError& error) {
        return error.code();
      }
      return std::error_code();
    };
    const std::error_code tooLarge = BackingErrc::tooLarge;
    CHECK(code([&]() -> asio::awaitable<void> { (void)co_await store.get(key); }) == tooLarge);
    CHECK(code([&]() -> asio::awaitable<void> { co_await store.set(key, 1); }) == tooLarge);
    CHECK(code([&]() -> asio::awaitable<void> { co_await store.remove(key); }) == tooLarge);
    CHECK(code([&]() -> asio::awaitable<void> {
            const std::vector<std::string> keys{"a", key};
            (void)co_await store.getMany(keys);
          }) == tooLarge);
    CHECK(code([&]() -> asio::awaitable<void> {
            const std::vector<std::pair<std::string, int>> entries{{"a", 1}, {key, 2}};
            co_await store.setMany(entries);
          }) == tooLarge);
    CHECK(numbers->values.empty());
  }
}
