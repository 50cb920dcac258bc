// What happens when something fails: what is released, and what the caller sees.
#include <doctest/doctest.h>

#include "layers.hpp"

using namespace persistance;
using namespace persistance::test;

namespace {

struct Other : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Fails `times` times, then works.
template <int N>
LayerOf<N> flaky(EventLog& log, int times) {
  auto left = std::make_shared<int>(times);
  return layer::scoped<Service<N>>(
      [&log, left](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Service<N>>> {
        log.add("acquire" + std::to_string(N));
        scope.addFinalizer([&log] { log.add("release" + std::to_string(N)); });
        co_await yield();
        if ((*left)-- > 0) throw Failed("try " + std::to_string(*left));
        co_return std::make_shared<Service<N>>();
      });
}

// Works, and fails when it is released.
template <int N>
LayerOf<N> failsToClose(EventLog& log) {
  return layer::scoped<Service<N>>(
      [&log](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Service<N>>> {
        log.add("acquire" + std::to_string(N));
        scope.addFinalizer([&log]() -> asio::awaitable<void> {
          log.add("release" + std::to_string(N));
          co_await yield();
          throw Other("close" + std::to_string(N));
        });
        co_return std::make_shared<Service<N>>();
      });
}

std::string textOf(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    return e.what();
  }
}

template <int N>
auto needing(EventLog& log) {
  return layer::scoped([&log](Service<N - 1>&, layer::Scope& scope) {
    log.add("acquire" + std::to_string(N));
    scope.addFinalizer([&log] { log.add("release" + std::to_string(N)); });
    return Service<N>();
  });
}

}  // namespace

TEST_SUITE("layer failure") {
  TEST_CASE("catch - uses an alternative layer") {
    EventLog log;
    const auto fails = layer::effectDiscard([]() -> asio::awaitable<void> {
      co_await yield();
      throw Failed();
    });
    const auto l = layer::catchAll(layer::provideMerge(fails, logged<1>(log)),
                                   [&](std::exception_ptr) { return logged<2>(log); });
    buildAndClose(l);
    CHECK(log.text() == "acquire1 release1 acquire2 release2");
  }

  TEST_CASE("catchTag - uses an alternative layer") {
    EventLog log;
    const auto fails = layer::effectDiscard([] { throw Failed(); });
    const auto l = layer::catchAll(layer::provideMerge(fails, logged<1>(log)),
                                   [&](const Failed&) { return logged<2>(log); });
    buildAndClose(l);
    CHECK(log.text() == "acquire1 release1 acquire2 release2");
  }

  TEST_CASE("catchTag lets other errors pass") {
    EventLog log;
    const auto l = layer::catchAll(failing<1>(log), [&](const Other&) { return logged<1>(log); });
    CHECK_THROWS_AS(buildAndClose(l), Failed);
    CHECK(log.text() == "acquire1 release1");
  }

  TEST_CASE("catchCause recovers with a fallback layer and exposes the original cause") {
    EventLog log;
    std::string cause;
    const auto l = layer::catchAll(failing<1>(log), [&](std::exception_ptr error) {
      cause = textOf(error);
      return layer::succeed(Service<1>{11});
    });
    CHECK(run([&] { return layer::run(l, [](Service<1>& s) { return s.value; }); }) == 11);
    CHECK(cause == "failed!");
  }

  TEST_CASE("orElse - uses an alternative layer") {
    EventLog log;
    buildAndClose(layer::orElse(failing<1>(log), logged<1>(log)));
    CHECK(log.text() == "acquire1 release1 acquire1 release1");
    buildAndClose(layer::orElse(logged<2>(log), failing<2>(log)));
    CHECK(log.text() == "acquire1 release1 acquire1 release1 acquire2 release2");
  }

  TEST_CASE("handles errors gracefully") {
    EventLog log;
    CHECK(errorOf(layer::orElse(failing<1>(log, "first"), failing<1>(log, "second"))) == "second");
    CHECK(log.text() == "acquire1 release1 acquire1 release1");
  }

  TEST_CASE("tapError - executes effect and preserves original error") {
    EventLog log;
    const auto l =
        layer::tapError(failing<1>(log), [&](const Failed& error) -> asio::awaitable<void> {
          co_await yield();
          log.add(std::string("tapError:") + error.what());
        });
    CHECK_THROWS_AS(buildAndClose(l), Failed);
    CHECK(log.text() == "acquire1 release1 tapError:failed!");
  }

  TEST_CASE("tapCause - executes effect and preserves original cause") {
    EventLog log;
    const auto l = layer::tapError(
        failing<1>(log), [&](std::exception_ptr error) { log.add("tapCause:" + textOf(error)); });
    CHECK_THROWS_AS(buildAndClose(l), Failed);
    CHECK(log.text() == "acquire1 release1 tapCause:failed!");
  }

  TEST_CASE("a failing tap fails the layer, and it is released") {
    EventLog log;
    CHECK(errorOf(layer::tap(logged<1>(log), [](Service<1>&) { throw Failed("tap"); })) == "tap");
    CHECK(log.text() == "acquire1 release1");
    CHECK(errorOf(layer::tapError(failing<2>(log), [] { throw Failed("tapError"); })) ==
          "tapError");
  }

  TEST_CASE("retry") {
    EventLog log;
    const auto plan = layer::Schedule::exponential(std::chrono::milliseconds(1)).jittered();
    buildAndClose(layer::retry(flaky<1>(log, 2), plan.times(3)));
    CHECK(log.text() == "acquire1 release1 acquire1 release1 acquire1 release1");
  }

  TEST_CASE("retry gives the last error when the schedule ends") {
    EventLog log;
    const auto immediate = layer::Schedule::immediate();
    CHECK(errorOf(layer::retry(flaky<1>(log, 9), immediate.times(2))) == "try 6");
    CHECK(log.events().size() == 6);
    const auto onlyOther = immediate.whileError(
        [](const std::exception_ptr& error) { return textOf(error) != "try 8"; });
    CHECK(errorOf(layer::retry(flaky<1>(log, 9), onlyOther)) == "try 8");
    CHECK(errorOf(layer::retry(flaky<1>(log, 1), immediate.times(0))) == "try 0");
  }

  TEST_CASE("retry rebuilds what is below as fresh") {
    EventLog log;
    const auto one = logged<1>(log);
    const auto two = layer::provide(flaky<2>(log, 1), one);
    buildAndClose(layer::merge(one, layer::retry(two, layer::Schedule::immediate())));
    CHECK(log.text() == "acquire1 acquire2 release2 acquire1 acquire2 release2 release1 release1");
  }

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
    CHECK(layer::failedLayer(std::make_exception_ptr(Failed())).empty());
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

  TEST_CASE("finalizers that fail after a failed build: the first error is kept beside theirs") {
    EventLog log;
    const auto l =
        layer::merge(layer::provide(failing<2>(log), failsToClose<1>(log)), failsToClose<3>(log));
    try {
      buildAndClose(l);
      FAIL("built");
    } catch (const layer::CloseError& error) {
      CHECK(textOf(error.cause()) == "failed!");
      CHECK(error.errors().size() == 2);
    }
  }

  TEST_CASE("run: the body's error is kept beside the finalizers'") {
    EventLog log;
    try {
      run([&] {
        return layer::run(failsToClose<1>(log), [](Service<1>&) { throw Failed("body"); });
      });
      FAIL("ran");
    } catch (const layer::CloseError& error) {
      CHECK(textOf(error.cause()) == "body");
      CHECK(error.errors().size() == 1);
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

  // Catalogue G3; what the types show is in test/compile_fail.
  TEST_CASE("a layer that contains itself is an error with the way round, not a wait for ever") {
    using Self = layer::Layer<layer::Requires<>, layer::Provides<Service<1>>>;
    std::optional<Self> self;
    EventLog log;
    const auto l = layer::suspend([&]() -> Self {
      return layer::provide(layer::sync([](Service<2>&) { return Service<1>(); }),
                            layer::provide(needing<2>(log), *self));
    });
    self.emplace(l);
    CHECK_THROWS_AS(buildAndClose(l), layer::CycleError);
    const auto direct = layer::suspend([&]() -> Self { return *self; });
    self.emplace(direct);
    CHECK_THROWS_AS(buildAndClose(direct), layer::CycleError);
    const auto outside = layer::provide(needing<2>(log), l);
    self.emplace(layer::provide(layer::sync([](Service<2>&) { return Service<1>(); }), outside));
    CHECK(errorOf(outside).find("suspend") != std::string::npos);
    CHECK(log.text().empty());
  }

  TEST_CASE("a null pointer is an error, not a service") {
    CHECK(errorOf(layer::sync([] { return std::shared_ptr<Service<1>>(); })).find("Service<1>") !=
          std::string::npos);
    CHECK_THROWS_AS((void)layer::succeed(std::shared_ptr<Service<1>>()), std::logic_error);
  }

  TEST_CASE("a schedule is a plan") {
    using namespace std::chrono_literals;
    const auto plan = layer::Schedule::exponential(100ms).upTo(1s).times(5);
    CHECK(plan.next(1, nullptr, 0) == 100ms);
    CHECK(plan.next(2, nullptr, 0) == 200ms);
    CHECK(plan.next(5, nullptr, 0) == 1s);
    CHECK(plan.next(6, nullptr, 0) == std::nullopt);
    CHECK(plan.jittered().next(2, nullptr, 0) == 100ms);
    CHECK(plan.jittered().next(2, nullptr, 0.5) == 150ms);
    CHECK(plan.forever().next(100000, nullptr, 0) == 1s);
    CHECK(layer::Schedule::exponential(1s).forever().next(5000, nullptr, 0) == 24h);
    CHECK(layer::Schedule::spaced(7ms).next(10, nullptr, 0) == 7ms);
    CHECK(layer::Schedule::spaced(7ms).next(11, nullptr, 0) == std::nullopt);
    CHECK(layer::Schedule::immediate().next(1, nullptr, 0) == 0ms);
  }
}
