// What is released when something fails, and what the caller sees.
#include <doctest/doctest.h>

#include "failing_layers.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer error") {
  // Catalogue G1
  TEST_CASE("a build that fails at layer i releases those before it, in reverse, once") {
    for (int bad = 1; bad <= 4; ++bad) {
      EventLog log;
      const auto failsAt = [&](int i) {
        return layer::effectDiscard([&, i] {
          if (i == bad) throw Failed("at " + std::to_string(i));
        });
      };
      const auto one = layer::provideMerge(logged<1>(log), failsAt(1));
      const auto two = layer::provideMerge(layer::provide(needing<2>(log), failsAt(2)), one);
      const auto three = layer::provideMerge(layer::provide(needing<3>(log), failsAt(3)), two);
      const auto all = layer::provideMerge(layer::provide(needing<4>(log), failsAt(4)), three);
      CHECK(errorOf(all) == "at " + std::to_string(bad));
      std::string expected;
      for (int i = 1; i < bad; ++i) expected += "acquire" + std::to_string(i) + " ";
      for (int i = bad - 1; i >= 1; --i) expected += "release" + std::to_string(i) + " ";
      CHECK(log.text() + (log.text().empty() ? "" : " ") == expected);
    }
  }

  TEST_CASE("an error is the function's own, and names its layer") {
    EventLog log;
    const auto all = layer::merge(logged<1>(log), layer::provide(needing<3>(log), failing<2>(log)));
    try {
      buildAndClose(all);
      FAIL("built");
    } catch (const Failed&) {
      CHECK(layer::failedLayer(std::current_exception()).find("Service<2>") != std::string::npos);
    }
    CHECK(layer::failedLayer(std::make_exception_ptr(Failed("of no layer"))).empty());
    CHECK(layer::failedLayer(nullptr).empty());
  }

  TEST_CASE("the first failure cancels the siblings, waits, and everything is released") {
    EventLog log;
    const auto endless = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Service<1>> {
      log.add("acquire1");
      scope.addFinalizer([&]() -> asio::awaitable<void> {
        co_await yield();
        log.add("release1");
      });
      asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
      co_await timer.async_wait(asio::use_awaitable);
      co_return Service<1>();
    });
    const auto l = layer::merge(endless, slow<2>(log), failing<3>(log));
    CHECK_THROWS_AS(buildAndClose(l), Failed);
    CHECK(log.events().size() == 6);
  }

  // Catalogue G2
  TEST_CASE("a finalizer that throws does not stop the others, and all errors reach the caller") {
    EventLog log;
    const auto l = layer::provideMerge(layer::provideMerge(failsToClose<3>(log), logged<2>(log)),
                                       failsToClose<1>(log));
    try {
      buildAndClose(l);
      FAIL("closed");
    } catch (const layer::CloseError& error) {
      REQUIRE(error.errors().size() == 2);
      CHECK(error.cause() == nullptr);
      CHECK(textOf(error.errors()[0].error) == "close3");
      CHECK(textOf(error.errors()[1].error) == "close1");
      CHECK(error.errors()[0].layer.find("Service<3>") != std::string::npos);
      CHECK(std::string(error.what()).find("close1") != std::string::npos);
    }
    CHECK(log.text() == "acquire1 acquire2 acquire3 release3 release2 release1");
  }

  TEST_CASE("a synchronous finalizer that throws does not skip the rest") {
    EventLog log;
    const auto l = layer::scoped([&](layer::Scope& scope) {
      scope.addFinalizer([&] { log.add("first"); });
      scope.addFinalizer([&] { throw Other("second"); });
      scope.addFinalizer([&] { log.add("third"); });
      return Service<1>();
    });
    CHECK_THROWS_AS(buildAndClose(l), layer::CloseError);
    CHECK(log.text() == "third first");
  }

  TEST_CASE("finalizers that fail after a failed build do not replace its error") {
    EventLog log;
    const auto l =
        layer::merge(layer::provide(failing<2>(log), failsToClose<1>(log)), failsToClose<3>(log));
    try {
      buildAndClose(l);
      FAIL("built");
    } catch (const Failed& error) {
      CHECK(std::string(error.what()) == "failed!");
      const auto failures = layer::failedFinalizers(std::current_exception());
      REQUIRE(failures.size() == 2);
      CHECK(failures[0].what == "close1");
      CHECK(failures[0].layer.find("Service<1>") != std::string::npos);
      CHECK(failures[1].what == "close3");
    }
  }

  TEST_CASE("a recovery by class is not kept from its error by a finalizer that fails too") {
    EventLog log;
    const auto l = layer::catchAll(layer::provide(failing<2>(log), failsToClose<1>(log)),
                                   [](const Failed&) { return layer::succeed(Service<2>{22}); });
    CHECK(run([&] { return layer::run(l, [](Service<2>& s) { return s.value; }); }) == 22);
  }

  TEST_CASE("run: finalizers that fail do not replace the body's error") {
    EventLog log;
    try {
      run([&] {
        return layer::run(failsToClose<1>(log), [](Service<1>&) { throw Failed("body"); });
      });
      FAIL("ran");
    } catch (const Failed& error) {
      CHECK(std::string(error.what()) == "body");
      CHECK(layer::failedFinalizers(std::current_exception()).size() == 1);
    }
  }

  TEST_CASE("an error in the place of one that is gone has nothing of it") {
    EventLog log;
    const auto throws = [](Service<1>&) { throw Failed("again"); };
    const auto failuresOf = [&](const auto& l) {
      try {
        run([&] { return layer::run(l, throws); });
      } catch (const Failed&) {
        const auto error = std::current_exception();
        return std::pair(layer::failedFinalizers(error).size(), layer::failedLayer(error));
      }
      return std::pair(std::size_t{99}, std::string());
    };
    const auto fails = layer::effect([]() -> Service<1> { throw Failed("again"); });
    for (int i = 0; i < 3; ++i) {
      CHECK(failuresOf(failsToClose<1>(log)) == std::pair(std::size_t{1}, std::string()));
      CHECK(failuresOf(logged<1>(log)) == std::pair(std::size_t{0}, std::string()));
      CHECK(failuresOf(fails).second.find("Service<1>") != std::string::npos);
      CHECK(failuresOf(logged<1>(log)) == std::pair(std::size_t{0}, std::string()));
    }
  }

  TEST_CASE("an error of a build within is of the layer within, and keeps what failed there") {
    EventLog log;
    const auto outer = layer::effect([&]() -> asio::awaitable<Service<5>> {
      auto body = [](Service<1>&) { throw Failed("within"); };
      co_await layer::run(failsToClose<1>(log), body);
      co_return Service<5>();
    });
    try {
      buildAndClose(outer);
      FAIL("built");
    } catch (const Failed&) {
      const auto error = std::current_exception();
      CHECK(layer::failedFinalizers(error).size() == 1);
      CHECK(layer::failedLayer(error).find("Service<5>") != std::string::npos);
    }
    const auto asks = layer::effect([&]() -> asio::awaitable<Service<5>> {
      const layer::Scope scope;
      co_await layer::build(failing<2>(log), scope);
      co_return Service<5>();
    });
    try {
      buildAndClose(asks);
      FAIL("built");
    } catch (const Failed&) {
      CHECK(layer::failedLayer(std::current_exception()).find("Service<2>") != std::string::npos);
    }
  }

  TEST_CASE("a failed build is shared by concurrent requesters, and the next builds anew") {
    EventLog log;
    const auto bad = flaky<1>(log, 1);
    const auto left =
        layer::catchAll(layer::provide(layer::sync([](Service<1>&) { return Service<2>(); }), bad),
                        [] { return layer::succeed(Service<2>()); });
    const auto right =
        layer::catchAll(layer::provide(layer::sync([](Service<1>&) { return Service<3>(); }), bad),
                        [] { return layer::succeed(Service<3>()); });
    run([&]() -> asio::awaitable<void> {
      const layer::MemoMap map;
      const layer::Scope scope;
      co_await layer::build(layer::merge(left, right), scope, map);
      CHECK(log.text() == "acquire1 release1");
      co_await layer::build(bad, scope, map);
      CHECK(log.text() == "acquire1 release1 acquire1");
      co_await scope.close();
    });
    CHECK(log.text() == "acquire1 release1 acquire1 release1");
  }
}
