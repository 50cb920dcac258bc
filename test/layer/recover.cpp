// What is built where something has failed.
#include <doctest/doctest.h>

#include "failing_layers.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer recover") {
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
}
