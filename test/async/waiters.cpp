#include "async/waiters.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "support/run.hpp"
#include "support/step_cancel.hpp"

using namespace persistance;
using namespace std::chrono_literals;
using async::Clock;
using async::Waiters;

TEST_SUITE("async waiters") {
  TEST_CASE("a change between join and wait is not missed") {
    test::run([]() -> asio::awaitable<void> {
      const Waiters waiters;
      const auto executor = co_await asio::this_coro::executor;
      const auto place = waiters.join(executor);
      waiters.wakeAll();
      co_await place.wait();
    });
  }

  TEST_CASE("a wait ends at its time, and the next change does not touch it") {
    test::run([]() -> asio::awaitable<void> {
      const Waiters waiters;
      const auto executor = co_await asio::this_coro::executor;
      for (const auto time : {-1h, 0h}) {
        const auto place = waiters.join(executor);
        co_await place.wait(Clock::now() + time);
      }
      const auto begin = Clock::now();
      {
        const auto place = waiters.join(executor);
        co_await place.wait(begin + 20ms);
      }
      CHECK(Clock::now() >= begin + 20ms);
      waiters.wakeAll();
    });
  }

  TEST_CASE("a place wakes once; who comes later waits for the next change") {
    test::run([]() -> asio::awaitable<void> {
      const Waiters waiters;
      const auto executor = co_await asio::this_coro::executor;
      const auto first = waiters.join(executor);
      waiters.wakeAll();
      const auto second = waiters.join(executor);
      co_await first.wait();
      const auto begin = Clock::now();
      co_await second.wait(begin + 20ms);
      CHECK(Clock::now() >= begin + 20ms);
    });
  }

  TEST_CASE("changes made by another thread wake every waiter, on one or several io threads") {
    for (const int threads : {1, 4}) {
      const auto body = []() -> asio::awaitable<void> {
        const Waiters waiters;
        std::mutex mutex;
        int value = 0;
        const auto executor = co_await asio::this_coro::executor;
        std::jthread setter([&] {
          for (int i = 0; i < 2000; ++i) {
            {
              const std::lock_guard lock(mutex);
              ++value;
            }
            waiters.wakeAll();
          }
        });
        for (int seen = 0; seen < 2000;) {
          const auto place = waiters.join(executor);
          {
            const std::lock_guard lock(mutex);
            if (value != seen) {
              seen = value;
              continue;
            }
          }
          co_await place.wait();
        }
      };
      test::run(body, 60s, threads);
    }
  }

  TEST_CASE("cancelled at every step, it leaves no place behind; the list may be gone before") {
    const auto body = []() -> asio::awaitable<void> {
      auto waiters = std::make_unique<Waiters>();
      const auto executor = co_await asio::this_coro::executor;
      const auto other = waiters->join(executor);
      const auto place = waiters->join(executor);
      co_await place.wait(Clock::now() + 1ms);
      waiters->wakeAll();
      waiters.reset();
      co_await other.wait();
    };
    const auto result = test::cancelAtEachStep(body);
    CHECK(result.points > 0);
    CHECK(result.finished > 0);
  }
}
