#include <doctest/doctest.h>

#include <functional>

#include "support/cluster.hpp"
#include "support/memory.hpp"
#include "support/outcomes.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int timesEach = 5000;
#else
constexpr int timesEach = 100000;
#endif
constexpr int atOnce = 16;

using StoreOperation = std::function<asio::awaitable<void>(StorePtr)>;

struct OperationKind {
  const char* name;
  StoreOperation operation;
  int cost = 1;  ///< How often it is done less.
};

asio::awaitable<void> flatReadMany(StorePtr store) {
  Collector found(2);
  const std::vector<std::string> keys{"a", "b"};
  co_await store->read(keys, found);
}

asio::awaitable<void> writeMany(StorePtr store) {
  std::vector<backing::Entry> entries;
  entries.emplace_back("a", bytesOf("a"), std::nullopt);
  entries.emplace_back("b", bytesOf("b"), std::nullopt);
  co_await store->write(entries);
}

asio::awaitable<void> removeSome(StorePtr store) {
  const std::vector<std::string> keys{"a", "b"};
  co_await store->removeMany(keys);
}

asio::awaitable<void> listPage(StorePtr store) {
  KeyPage page;
  const KeyQuery query;
  co_await store->keys(query, page);
}

std::vector<OperationKind> kinds() {
  return {
      {"get", [](StorePtr store) -> asio::awaitable<void> { co_await get(store, "a"); }},
      {"set", [](StorePtr store) -> asio::awaitable<void> { co_await set(store, "a", "a"); }},
      {"remove", [](StorePtr store) -> asio::awaitable<void> { co_await remove(store, "a"); }},
      {"getMany", flatReadMany},
      {"setMany", writeMany},
      {"removeMany", removeSome},
      {"exchange",
       [](StorePtr store) -> asio::awaitable<void> {
         co_await exchange(store, "a", std::nullopt, "a");
       }},
      {"find", [](StorePtr store) -> asio::awaitable<void> { co_await find(store, "a"); }},
      {"keys", listPage, 10},
      {"clear", [](StorePtr store) -> asio::awaitable<void> { co_await store->clear(); }, 10},
  };
}

asio::awaitable<void> repeat(StorePtr store, StoreOperation operation, int count) {
  const auto executor = co_await asio::this_coro::executor;
  int left = count;
  int running = atOnce;
  const auto work = [&]() -> asio::awaitable<void> {
    while (left-- > 0) co_await operation(store);
  };
  for (int i = 0; i < atOnce; ++i) {
    asio::co_spawn(executor, work, [&](std::exception_ptr error) {
      if (error) left = 0;
      --running;
      CHECK_FALSE(static_cast<bool>(error));
    });
  }
  while (running > 0) co_await sleepFor(milliseconds(1));
}

/// How much more is allocated after so many operations than after a few.
asio::awaitable<long> growth(StorePtr store, StoreOperation operation, int count) {
  co_await repeat(store, operation, 500);
  const auto before = static_cast<long>(liveBytes());
  co_await repeat(store, operation, count);
  co_return static_cast<long>(liveBytes()) - before;
}

void checkFlat(const RedisOptions& options, int count, std::vector<OperationKind> all) {
  test::run(
      [&]() -> asio::awaitable<void> {
        auto client = co_await Client::open(options);
        auto store = client->store("s");
        for (const OperationKind& kind : all) {
          CAPTURE(kind.name);
          const long grown = co_await growth(store, kind.operation, count / kind.cost);
          CHECK(grown < 100000);  // a block an operation would be more
        }
        co_await client->close();
      },
      std::chrono::minutes(4));
}

}  // namespace

TEST_SUITE("redis flat memory") {
  TEST_CASE("I17: a hundred thousand operations of each kind leave nothing behind") {
    RedisServer server;
    checkFlat(RedisOptions(server.url()), timesEach, kinds());
  }

  TEST_CASE("I17: the same where replicas are read, and where they are waited for") {
    sharedCluster().clean();
    RedisOptions reading(sharedCluster().urls());
    reading.replicaReads = true;
    checkFlat(reading, timesEach / 10, kinds());
    RedisOptions waiting(sharedCluster().urls());
    waiting.waitReplicas = 1;
    checkFlat(waiting, timesEach / 20, kinds());
  }
}
