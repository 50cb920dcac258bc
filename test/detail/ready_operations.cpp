#include <doctest/doctest.h>

#include <atomic>
#include <persistance/persistance.hpp>
#include <thread>

#include "support/allocation_failure.hpp"
#include "support/run.hpp"

using namespace persistance;
using namespace std::chrono_literals;

namespace {

struct Spot {
  int x = 0;
  int y = 0;
  static auto schema() {
    return schema::object<Spot>(schema::field("x", &Spot::x), schema::field("y", &Spot::y));
  }
};

template <class A, class F>
void withStore(F f, int threads = 1) {
  test::run(
      [&]() -> asio::awaitable<void> {
        const auto use = [&](SchemaPersistance& stores) -> asio::awaitable<void> {
          auto store = co_await stores.make<A>("store");
          co_await f(store);
        };
        co_await layer::run(layerSchemaMemory, use);
      },
      60s, threads);
}

}  // namespace

TEST_SUITE("detail ready operations") {
  TEST_CASE(
      "10^6 ready operations in one coroutine leave timers their turn and the stack flat (C4)") {
    withStore<int>([](Persistance<int>& store) -> asio::awaitable<void> {
      co_await store.set("k", 1);
      asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
      long operations = 0;
      long firedAfter = -1;
      const char* firstFrame = nullptr;
      timer.async_wait([&](std::error_code) { firedAfter = operations; });
      for (; operations < 1000000; ++operations) {
        (void)co_await store.get("k");
        const char here = 0;
        const char* frame = &here;
        if (firstFrame == nullptr) firstFrame = frame;
        if (std::abs(frame - firstFrame) > 4096) break;
      }
      CHECK(operations == 1000000);
      CHECK(firedAfter >= 0);
      CHECK(firedAfter < 500000);  // long before the end; the time itself is the benchmark's
    });
  }

  TEST_CASE("a get of a short key allocates nothing beyond the value") {
    withStore<Spot>([](Persistance<Spot>& store) -> asio::awaitable<void> {
      const Spot point{1, 2};
      co_await store.set("k", point);
      (void)co_await store.get("k");
      test::allocationState() = test::AllocationState{true, 0, 0, false};
      for (int i = 0; i < 100; ++i) {
        const auto found = co_await store.get("k");
        if (!found) FAIL("lost");
      }
      const long reads = test::allocationState().count;
      test::allocationState() = test::AllocationState{true, 0, 0, false};
      for (int i = 0; i < 100; ++i) co_await store.set("k", point);
      const long writes = test::allocationState().count;
      test::allocationState() = test::AllocationState();
#if !defined(ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING)
      CHECK(reads == 0);
      CHECK(writes <= 220);  // two a set, the encoded value and the entry; now and then a frame
#else
      (void)reads, (void)writes;
#endif
    });
  }

  TEST_CASE("two io threads hammering one store lose no write") {
    withStore<int>(
        [](Persistance<int>& store) -> asio::awaitable<void> {
          const auto executor = co_await asio::this_coro::executor;
          std::atomic<int> left = 4;
          const auto worker = [&](int id) -> asio::awaitable<void> {
            for (int i = 0; i < 3000; ++i) {
              const std::string key = std::to_string(id * 10000 + i % 100);
              co_await store.set(key, i);
              if (co_await store.get(key) != i) FAIL("a lost write");
              co_await store.set("shared", i, 1ms);
              (void)co_await store.get("shared");
            }
            --left;
          };
          for (int id = 0; id < 4; ++id) asio::co_spawn(executor, worker(id), asio::detached);
          asio::steady_timer pause(executor);
          while (left > 0) {
            pause.expires_after(2ms);
            co_await pause.async_wait(asio::use_awaitable);
          }
          for (int id = 0; id < 4; ++id)
            CHECK(co_await store.get(std::to_string(id * 10000 + 99)) == 2999);
        },
        2);
  }
}
