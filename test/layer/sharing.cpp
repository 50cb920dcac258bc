// One layer, used in several places, is built once.
#include <doctest/doctest.h>

#include "layers.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer sharing") {
  TEST_CASE("sharing with merge") {
    EventLog log;
    const auto one = logged<1>(log);
    buildAndClose(layer::merge(one, one));
    CHECK(log.text() == "acquire1 release1");
  }

  TEST_CASE("sharing itself with merge") {
    const auto service = std::make_shared<Service<1>>();
    const auto l = layer::succeed(service);
    const auto got = run([&] {
      return layer::run(layer::merge(layer::merge(l, l), l),
                        [](std::shared_ptr<Service<1>> s) { return s; });
    });
    CHECK(got == service);
  }

  TEST_CASE("sharing with provideTo") {
    EventLog log;
    const auto one = logged<1>(log);
    buildAndClose(layer::merge(one, layer::provide(logged<2>(log), one)));
    CHECK(log.text() == "acquire1 acquire2 release2 release1");
  }

  TEST_CASE("sharing with multiple layers with provideTo") {
    EventLog log;
    const auto one = slow<1>(log);
    buildAndClose(
        layer::merge(layer::provide(slow<2>(log), one), layer::provide(slow<3>(log), one)));
    CHECK(log.events().size() == 6);
    CHECK(log.events().front() == "acquire1");
    CHECK(part(log, 1, 3) == Two{"acquire2", "acquire3"});
    CHECK(part(log, 3, 5) == Two{"release2", "release3"});
    CHECK(log.events().back() == "release1");
  }

  // Where an error is turned into another, what is below is still shared.
  TEST_CASE("orDie does not interfere with sharing") {
    EventLog log;
    const auto one = logged<1>(log);
    const auto orDie = layer::catchAll(one, [](std::exception_ptr) -> LayerOf<1> { std::abort(); });
    buildAndClose(
        layer::provide(layer::provide(layer::provide(logged<3>(log), one), logged<2>(log)), orDie));
    CHECK(log.events().size() == 6);
    CHECK(log.events().front() == "acquire1");
    CHECK(part(log, 1, 3) == Two{"acquire2", "acquire3"});
    CHECK(part(log, 3, 5) == Two{"release2", "release3"});
    CHECK(log.events().back() == "release1");
  }

  TEST_CASE("mapError does not interfere with sharing") {
    EventLog log;
    const auto one = logged<1>(log);
    const auto mapped =
        layer::tapError(one, [](std::exception_ptr) { throw std::runtime_error("mapped"); });
    buildAndClose(layer::merge(one, mapped));
    CHECK(log.text() == "acquire1 release1");
  }

  TEST_CASE("map does not interfere with sharing") {
    EventLog log;
    const auto one = logged<1>(log);
    const auto mapped = layer::provide(layer::sync([](Service<1>&) { return Service<2>(); }), one);
    buildAndClose(layer::merge(one, mapped));
    CHECK(log.text() == "acquire1 release1");
  }

  TEST_CASE("memoizes acquisition of resources") {
    EventLog log;
    const layer::MemoMap map;
    const auto one = slow<1>(log);
    run([&]() -> asio::awaitable<void> {
      const layer::Scope scope;
      const auto first = co_await layer::build(one, scope, map);
      const auto second = co_await layer::build(one, scope, map);
      CHECK(&first.get<Service<1>>() == &second.get<Service<1>>());
      co_await scope.close();
    });
    CHECK(log.text() == "acquire1 release1");
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
}
