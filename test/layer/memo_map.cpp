// Memo maps, scopes, runtimes, launch: layers over time.
#include <doctest/doctest.h>

#include <optional>

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

  // Catalogue G4
  TEST_CASE("the foot of a diamond is built once and released last") {
    EventLog log;
    const auto foot = slow<1>(log);
    const auto left = layer::provide(slow<2>(log), foot);
    const auto right = layer::provide(slow<3>(log), foot);
    buildAndClose(layer::provide(slow<4>(log), left, right));
    const auto events = log.events();
    REQUIRE(events.size() == 8);
    CHECK(events[0] == "acquire1");
    CHECK(events[3] == "acquire4");
    CHECK(events[4] == "release4");
    CHECK(events[7] == "release1");
  }

  // Catalogue G7
  TEST_CASE("a layer that is given two configurations keeps that of its first use") {
    struct Config {
      int value;
    };
    const auto user = layer::sync([](Config& c) { return Service<1>{c.value}; });
    const auto first = layer::provide(user, layer::succeed(Config{1}));
    const auto second = layer::provide(user, layer::succeed(Config{2}));
    const auto value = [](Service<1>& s) { return s.value; };
    CHECK(run([&] { return layer::run(layer::merge(first, second), value); }) == 1);
    CHECK(run([&] { return layer::run(layer::merge(second, first), value); }) == 2);
    CHECK(run([&] { return layer::run(layer::merge(first, layer::fresh(second)), value); }) == 2);
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

  TEST_CASE("launch keeps the layer open until interrupted and then finalizes") {
    EventLog log;
    asio::io_context context;
    asio::cancellation_signal signal;
    std::exception_ptr error;
    asio::co_spawn(
        context, layer::launch(slow<1>(log)),
        asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr e) { error = e; }));
    context.run_for(std::chrono::milliseconds(20));
    CHECK(log.text() == "acquire1");
    signal.emit(asio::cancellation_type::terminal);
    context.restart();
    context.run_for(std::chrono::seconds(10));
    CHECK(log.text() == "acquire1 release1");
    REQUIRE(error);
    CHECK_THROWS_AS(std::rethrow_exception(error), std::system_error);
  }

  TEST_CASE("launch gives up waiting for finalizers at its deadline") {
    EventLog log;
    const auto stuck = layer::scoped([&](layer::Scope& scope) {
      scope.addFinalizer([&]() -> asio::awaitable<void> {
        asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
        co_await timer.async_wait(asio::use_awaitable);
        log.add("never");
      });
      return Service<1>();
    });
    asio::io_context context;
    asio::cancellation_signal signal;
    std::exception_ptr error;
    layer::LaunchOptions options;
    options.shutdownDeadline = std::chrono::milliseconds(30);
    asio::co_spawn(
        context, layer::launch(stuck, options),
        asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr e) { error = e; }));
    context.run_for(std::chrono::milliseconds(20));
    signal.emit(asio::cancellation_type::terminal);
    context.restart();
    for (int i = 0; i < 1000 && !error; ++i) context.run_for(std::chrono::milliseconds(10));
    REQUIRE(error);
    CHECK_THROWS_AS(std::rethrow_exception(error), layer::ShutdownTimeout);
    CHECK(log.text().empty());
  }

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

  TEST_CASE("graph draws each service once, and what it requires") {
    struct Config {};
    struct Database {};
    struct Users {};
    struct Cache {};
    struct App {};
    const auto config = layer::succeed(Config());
    const auto database = layer::provide(layer::sync([](Config&) { return Database(); }), config);
    const auto users = layer::provide(layer::sync([](Database&) { return Users(); }), database);
    const auto cache =
        layer::orElse(layer::provide(layer::sync([](Database&) { return Cache(); }), database),
                      layer::suspend([] { return layer::succeed(Cache()); }));
    const auto app =
        layer::provide(layer::sync([](Users&, Cache&) { return App(); }), users, cache);
    const std::string picture = layer::graph(app);
    const auto count = [&](const std::string& text) {
      int n = 0;
      for (auto at = picture.find(text); at != std::string::npos; at = picture.find(text, at + 1))
        ++n;
      return n;
    };
    INFO(picture);
    CHECK(picture.starts_with("flowchart TD\n"));
    CHECK(count("Config\"") == 1);
    CHECK(count("Database\"") == 1);
    CHECK(count("Users\"") == 1);
    CHECK(count("App\"") == 1);
    CHECK(count("[/\"suspend\"/]") == 1);
    CHECK(count(" --> ") == 5);
    CHECK(count(" -. or else .-> ") == 1);
    CHECK(layer::graph(layer::sync([](Users&) { return App(); })).find(">\"") != std::string::npos);
  }

  TEST_CASE("graph draws what it builds") {
    EventLog log;
    const auto one = logged<1>(log);
    const auto two = layer::sync([](Service<1>&) { return Service<2>(); });
    CHECK(layer::graph(layer::merge(layer::provide(two, one), layer::fresh(one))) ==
          "flowchart TD\n"
          "  s0[\"persistance::test::Service#lt;1#gt;\"]\n"
          "  s1[\"persistance::test::Service#lt;2#gt;\"]\n"
          "  s2[\"persistance::test::Service#lt;1#gt;\"]\n"
          "  s1 --> s0\n");
    CHECK(log.text().empty());
  }
}
