#include "contract/within.hpp"
#include "support/step_cancel.hpp"

namespace persistance::test::contract {
namespace {

using Many = std::vector<std::pair<std::string, int>>;

void sameIdSameStore(const Subject& subject) {
  within(subject,
         [](SchemaPersistance& stores, BackingPersistance& backing) -> asio::awaitable<void> {
           auto one = co_await stores.make<int>("numbers");
           auto two = co_await stores.make<int>("numbers");
           auto raw = co_await backing.make("numbers");
           co_await one.set("k", 1);
           CHECK(co_await two.get("k") == 1);
           CHECK((co_await raw.get("k")).has_value());
           co_await raw.clear();
           CHECK(co_await one.get("k") == std::nullopt);
         });
}

void closedAfterTheScope(const Subject& subject) {
  Persistance<int> kept;
  auto backing = subject.fresh();
  run([&]() -> asio::awaitable<void> {
    const auto take = [&](SchemaPersistance& stores) -> asio::awaitable<void> {
      kept = co_await stores.make<int>("numbers");
      co_await kept.set("k", 1);
    };
    const auto layer = layer::provide(layerSchema, backing);
    co_await layer::run(layer, take);
    std::vector<std::string> keys{"k"};
    Many entries{{"k", 1}};
    CHECK(co_await failure(kept.get("k")) == BackingErrc::closed);
    CHECK(co_await failure(kept.getMany(keys)) == BackingErrc::closed);
    CHECK(co_await failure(kept.set("k", 2)) == BackingErrc::closed);
    CHECK(co_await failure(kept.setMany(entries)) == BackingErrc::closed);
    CHECK(co_await failure(kept.remove("k")) == BackingErrc::closed);
    CHECK(co_await failure(kept.clear()) == BackingErrc::closed);
  });
}

void handleWithoutStore(const Subject&) {
  run([]() -> asio::awaitable<void> {
    Persistance<int> none;
    Many entries{{"k", 1}};
    std::vector<std::string> keys{"k"};
    CHECK(co_await failure(none.get("k")) == BackingErrc::closed);
    CHECK(co_await failure(none.getMany(keys)) == BackingErrc::closed);
    CHECK(co_await failure(none.set("k", 1)) == BackingErrc::closed);
    CHECK(co_await failure(none.setMany(entries)) == BackingErrc::closed);
    CHECK(co_await failure(none.remove("k")) == BackingErrc::closed);
    CHECK(co_await failure(none.clear()) == BackingErrc::closed);
  });
}

void awaitableOutlivesItsArguments(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto handle =
        std::make_unique<Persistance<std::string>>(co_await stores.make<std::string>("texts"));
    auto value = std::make_unique<std::string>(100, 'v');
    auto write = handle->set("k", *value);
    auto read = handle->get("k");
    *value = "changed";
    value.reset();
    handle.reset();
    co_await std::move(write);
    CHECK(co_await std::move(read) == std::string(100, 'v'));
  });
}

// One operation under test, over and over, each time cancelled one step later.
void cancelled(const Subject& subject,
               const std::function<asio::awaitable<void>(Persistance<int>)>& operation) {
  const auto layer = layer::provide(layerSchema, subject.fresh());
  const auto body = [&]() -> asio::awaitable<void> {
    const auto use = [&](SchemaPersistance& stores) -> asio::awaitable<void> {
      auto store = co_await stores.make<int>("numbers");
      co_await operation(store);
      const auto other = co_await store.get("other");  // not in CHECK, which would catch a cancel
      CHECK(other == std::nullopt);
    };
    co_await layer::run(layer, use);
  };
  const StepCancel result = cancelAtEachStep(body);
  CHECK(result.points > 0);
  CHECK(result.finished > 0);
}

void cancelEachOperation(const Subject& subject) {
  cancelled(subject, [](Persistance<int> store) -> asio::awaitable<void> {
    co_await store.set("k", 1);
    const auto one = co_await store.get("k");
    CHECK(one == 1);
    Many entries{{"a", 1}, {"b", 2}};
    co_await store.setMany(entries);
    std::vector<std::string> keys{"a", "b"};
    const auto many = co_await store.getMany(keys);
    CHECK(many.size() == 2);
    co_await store.remove("k");
    co_await store.clear();
  });
}

}  // namespace

const std::vector<Check> lifetimeChecks{
    {"make twice with one storeId is the same store", sameIdSameStore},
    {"every operation after the scope has closed fails with closed (F5)", closedAfterTheScope},
    {"a handle that was never made fails with closed", handleWithoutStore},
    {"an awaitable needs neither the handle nor the arguments", awaitableOutlivesItsArguments},
    {"cancelled at every step: one completion, nothing left behind (F1)", cancelEachOperation},
};

}  // namespace persistance::test::contract
