// Finalizers.
#include <doctest/doctest.h>

#include "layers.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer scope") {
  TEST_CASE("a scope runs its finalizers once, the last first, and late ones at once") {
    EventLog log;
    run([&]() -> asio::awaitable<void> {
      const layer::Scope scope;
      scope.addFinalizer([&] { log.add("first"); });
      scope.addFinalizer([&]() -> asio::awaitable<void> {
        co_await yield();
        scope.addFinalizer([&] { log.add("while closing"); });
        log.add("second");
      });
      co_await scope.close();
      co_await scope.close();
      scope.addFinalizer([&] { log.add("late"); });
      scope.addFinalizer([&]() -> asio::awaitable<void> {
        co_await yield();
        log.add("late and slow");
      });
      for (int i = 0; i < 5; ++i) co_await yield();
    });
    CHECK(log.text() == "second while closing first late late and slow");
  }

  // Catalogue F6
  TEST_CASE("closes of one scope at the same time all wait for its end") {
    EventLog log;
    run([&]() -> asio::awaitable<void> {
      const layer::Scope scope;
      scope.addFinalizer([&]() -> asio::awaitable<void> {
        for (int i = 0; i < 10; ++i) co_await yield();
        log.add("released");
      });
      const asio::any_io_executor executor = co_await asio::this_coro::executor;
      asio::co_spawn(executor, scope.close(), asio::detached);
      co_await yield();
      co_await scope.close();
      CHECK(log.text() == "released");
    });
  }

  TEST_CASE("each gets its own scope, and how it ended") {
    std::vector<bool> succeeded;
    const auto l = layer::scoped([&](layer::Scope& scope) {
      scope.addFinalizer([&](const layer::Exit& exit) { succeeded.push_back(exit.succeeded()); });
      return Service<1>();
    });
    run([&] { return layer::run(l, [](Service<1>&) {}); });
    CHECK_THROWS_AS(run([&] { return layer::run(l, [](Service<1>&) { throw Failed(); }); }),
                    Failed);
    CHECK(succeeded == std::vector<bool>{true, false});
  }
}
