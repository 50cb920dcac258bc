// Layers that are made while they are built.
#include <doctest/doctest.h>

#include <optional>

#include "layers.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer dynamic") {
  TEST_CASE("suspend is lazy") {
    int evaluated = 0;
    const auto l = layer::suspend([&] {
      ++evaluated;
      return layer::succeed(Service<1>());
    });
    CHECK(evaluated == 0);
    buildAndClose(l);
    CHECK(evaluated == 1);
    buildAndClose(l);
    CHECK(evaluated == 2);
  }

  TEST_CASE("suspend preserves sharing") {
    EventLog log;
    int evaluated = 0;
    const auto l = layer::suspend([&] {
      ++evaluated;
      return logged<1>(log);
    });
    buildAndClose(layer::merge(l, l));
    CHECK(evaluated == 1);
    CHECK(log.text() == "acquire1 release1");
  }

  TEST_CASE("tap - executes effect with success services and preserves output") {
    EventLog log;
    const auto l = layer::tap(logged<1>(log), [&](Service<1>& s) -> asio::awaitable<void> {
      co_await yield();
      log.add("tap:" + std::to_string(s.value));
    });
    const int value = run([&] { return layer::run(l, [](Service<1>& s) { return s.value; }); });
    CHECK(value == 1);
    CHECK(log.text() == "acquire1 tap:1 release1");
  }

  TEST_CASE("tap peeks at an acquired resource") {
    EventLog log;
    buildAndClose(layer::tap(logged<1>(log), [&](Service<1>&) { log.add("tap"); }));
    CHECK(log.text() == "acquire1 tap release1");
  }

  TEST_CASE("flatMap builds the layer that the services of the first decide on") {
    EventLog log;
    const auto l = layer::flatMap(logged<1>(log), [&](Service<1>& s) {
      log.add("decide:" + std::to_string(s.value));
      return logged<2>(log);
    });
    CHECK(run([&] { return layer::run(l, [](Service<2>& s) { return s.value; }); }) == 2);
    CHECK(log.text() == "acquire1 decide:1 acquire2 release2 release1");
  }

  TEST_CASE("unwrap joins what its function and its layer need") {
    const auto l = layer::unwrap(
        [](A& a) -> asio::awaitable<layer::Layer<layer::Requires<B>, layer::Provides<C>>> {
          co_await yield();
          const int base = a.value;
          co_return layer::sync([base](B& b) { return C{base + b.value}; });
        });
    static_assert(
        std::is_same_v<decltype(l), const layer::Layer<layer::Requires<A, B>, layer::Provides<C>>>);
    const auto whole = layer::provide(l, layer::succeed(A{40}), layer::succeed(B{2}));
    CHECK(run([&] { return layer::run(whole, [](C& c) { return c.value; }); }) == 42);
  }

  // Catalogue G3; what the types show is in test/compile_fail.
  TEST_CASE("a layer that contains itself is an error that names the cycle, not a wait for ever") {
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
}
