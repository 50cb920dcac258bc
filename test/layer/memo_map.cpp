// Builds that share their layers, and builds that do not.
#include <doctest/doctest.h>

#include "layers.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer memo map") {
  TEST_CASE("does not memoize a build before its Effect executes") {
    EventLog log;
    const auto one = logged<1>(log);
    run([&]() -> asio::awaitable<void> {
      const layer::MemoMap map;
      {
        const layer::Scope dropped;
        const auto never = layer::build(one, dropped, map);
      }
      CHECK(log.text().empty());
      co_await use(one, map);
    });
    CHECK(log.text() == "acquire1 release1");
  }

  TEST_CASE("memoizes suspend across builds") {
    EventLog log;
    int evaluated = 0;
    const auto l = layer::suspend([&] {
      ++evaluated;
      return slow<1>(log);
    });
    run([&]() -> asio::awaitable<void> {
      const layer::MemoMap map;
      const layer::Scope scope1;
      const layer::Scope scope2;
      co_await layer::build(l, scope1, map);
      co_await layer::build(l, scope2, map);
      co_await scope2.close();
      CHECK(evaluated == 1);
      CHECK(log.text() == "acquire1");
      co_await scope1.close();
    });
    CHECK(log.text() == "acquire1 release1");
  }

  TEST_CASE("memoizes layer across builds") {
    EventLog log;
    const auto one = slow<1>(log);
    const auto two = layer::provide(slow<2>(log), one);
    run([&]() -> asio::awaitable<void> {
      const layer::MemoMap map;
      const layer::Scope scope1;
      const layer::Scope scope2;
      co_await layer::build(one, scope1, map);
      co_await layer::build(two, scope2, map);
      co_await scope2.close();
      co_await layer::build(two, scope1, map);
      co_await scope1.close();
    });
    CHECK(log.text() == "acquire1 acquire2 release2 acquire2 release2 release1");
  }

  TEST_CASE("layers are not released early") {
    EventLog log;
    const auto one = slow<1>(log);
    const auto two = layer::provide(slow<2>(log), one);
    run([&]() -> asio::awaitable<void> {
      const layer::MemoMap map;
      const layer::Scope scope1;
      const layer::Scope scope2;
      co_await layer::build(one, scope1, map);
      co_await layer::build(two, scope2, map);
      co_await scope1.close();
      co_await scope2.close();
    });
    CHECK(log.text() == "acquire1 acquire2 release2 release1");
  }

  TEST_CASE("forked memo maps reuse parent layers but isolate child layers") {
    EventLog log;
    const auto one = logged<1>(log);
    const auto two = logged<2>(log);
    run([&]() -> asio::awaitable<void> {
      const layer::MemoMap parent;
      const layer::MemoMap child = parent.fork();
      const layer::Scope scope1;
      const layer::Scope scope2;
      co_await layer::build(one, scope1, parent);
      co_await layer::build(one, scope2, child);
      co_await layer::build(two, scope2, child);
      co_await layer::build(two, scope1, parent);
      co_await scope2.close();
      co_await scope1.close();
    });
    CHECK(log.text() == "acquire1 acquire2 acquire2 release2 release2 release1");
  }

  // Catalogue G6
  TEST_CASE("two builds without a common map have nothing in common") {
    EventLog log;
    const auto one = slow<1>(log);
    run([&]() -> asio::awaitable<void> {
      const layer::Scope scope1;
      const layer::Scope scope2;
      const auto a = co_await layer::build(one, scope1);
      const auto b = co_await layer::build(one, scope2);
      CHECK(&a.get<Service<1>>() != &b.get<Service<1>>());
      co_await scope1.close();
      co_await scope2.close();
    });
    CHECK(log.text() == "acquire1 acquire1 release1 release1");
  }

  TEST_CASE("a build into a closed scope is released at once and not shared") {
    EventLog log;
    const auto one = slow<1>(log);
    run([&]() -> asio::awaitable<void> {
      const layer::MemoMap map;
      const layer::Scope closed;
      co_await closed.close();
      bool thrown = false;
      try {
        co_await layer::build(one, closed, map);
      } catch (const layer::ClosedError&) {
        thrown = true;
      }
      CHECK(thrown);
      CHECK(log.text() == "acquire1 release1");
      co_await use(one, map);
    });
    CHECK(log.text() == "acquire1 release1 acquire1 release1");
  }

  // A lock file or a port is free again before it is taken again.
  TEST_CASE("a layer that is being closed is built anew only when it is closed") {
    EventLog log;
    const auto one = slow<1>(log);
    run([&]() -> asio::awaitable<void> {
      const layer::MemoMap map;
      const layer::Scope scope;
      co_await layer::build(one, scope, map);
      const asio::any_io_executor executor = co_await asio::this_coro::executor;
      asio::co_spawn(executor, scope.close(), asio::detached);
      co_await use(one, map);
    });
    CHECK(log.text() == "acquire1 release1 acquire1 release1");
  }
}
