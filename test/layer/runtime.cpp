// ManagedRuntime.
#include <doctest/doctest.h>

#include "layers.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer runtime") {
  TEST_CASE("a runtime builds when it is first used, once") {
    EventLog log;
    run([&]() -> asio::awaitable<void> {
      const layer::ManagedRuntime runtime(slow<1>(log));
      CHECK(log.text().empty());
      const auto value = [](Service<1>& s) -> asio::awaitable<int> {
        co_await yield();
        co_return s.value;
      };
      CHECK(co_await runtime.run(value) == 1);
      CHECK(co_await runtime.run(value) == 1);
      const auto context = co_await runtime.context();
      CHECK(context.get<Service<1>>().value == 1);
      CHECK(log.text() == "acquire1");
      co_await runtime.dispose();
      co_await runtime.dispose();
      CHECK(log.text() == "acquire1 release1");
      bool closed = false;
      try {
        co_await runtime.context();
      } catch (const layer::ClosedError&) {
        closed = true;
      }
      CHECK(closed);
    });
  }

  TEST_CASE("can be built synchronously") {
    asio::io_context context;
    std::optional<int> value;
    const layer::ManagedRuntime runtime(layer::sync([] { return Service<1>(); }));
    asio::co_spawn(context, runtime.run([](Service<1>& s) { return s.value; }),
                   [&](std::exception_ptr, int v) { value = v; });
    context.poll();
    CHECK(value == 1);
  }

  TEST_CASE("fibers are interrupted on dispose") {
    EventLog log;
    run([&]() -> asio::awaitable<void> {
      const layer::ManagedRuntime runtime(slow<1>(log));
      const auto endless = [&](Service<1>&) -> asio::awaitable<void> {
        log.add("begun");
        asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
        co_await timer.async_wait(asio::use_awaitable);
      };
      const asio::any_io_executor executor = co_await asio::this_coro::executor;
      const auto ended = [&](std::exception_ptr error) { log.add(error ? "aborted" : "ended"); };
      asio::co_spawn(executor, runtime.run(endless), ended);
      for (int i = 0; i < 20; ++i) co_await yield();
      co_await runtime.dispose();
      for (int i = 0; i < 20; ++i) co_await yield();
    });
    CHECK(log.text() == "acquire1 begun aborted release1");
  }

  TEST_CASE("runtimes that share a map share their layers") {
    EventLog log;
    const auto one = slow<1>(log);
    run([&]() -> asio::awaitable<void> {
      const layer::MemoMap map;
      const layer::ManagedRuntime left(one, map);
      const layer::ManagedRuntime right(layer::provideMerge(slow<2>(log), one), map);
      co_await left.context();
      co_await right.context();
      co_await left.dispose();
      co_await right.dispose();
    });
    CHECK(log.text() == "acquire1 acquire2 release2 release1");
  }
}
