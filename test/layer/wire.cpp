// A flat list of layers that find each other.
#include <doctest/doctest.h>

#include "server_parts.hpp"

using namespace persistance;
using namespace persistance::test;

namespace {

// Logs under its number, and needs what its parameters name.
template <int N, class... Needs>
auto part(EventLog& log) {
  return layer::scoped(
      [&log](Needs&..., layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Service<N>>> {
        co_await yield();
        log.add("acquire" + std::to_string(N));
        scope.addFinalizer([&log]() -> asio::awaitable<void> {
          co_await yield();
          log.add("release" + std::to_string(N));
        });
        co_return std::make_shared<Service<N>>();
      });
}

}  // namespace

TEST_SUITE("layer wire") {
  TEST_CASE("the first server of a newcomer: twelve services in a flat list") {
    EventLog log;
    run([&]() -> asio::awaitable<void> {
      const auto app = parts::serverOfTwelve(log);
      static_assert(
          std::is_same_v<decltype(app), const layer::Layer<layer::Requires<>,
                                                           layer::Provides<parts::HttpServer>>>);
      const auto count = [](parts::HttpServer& server) { return server.metrics.requests; };
      CHECK(co_await layer::run(app, count) == 0);
    });
    CHECK(log.text() == "db connected server opened migrated server closed db closed");
  }

  TEST_CASE("the order of the list does not matter") {
    for (const bool reversed : {false, true}) {
      EventLog log;
      const auto a = part<1>(log);
      const auto b = part<2, Service<1>>(log);
      const auto c = part<3, Service<2>>(log);
      buildAndClose(reversed ? layer::wire<Service<3>>(c, b, a) : layer::wire<Service<3>>(a, b, c));
      CHECK(log.text() == "acquire1 acquire2 acquire3 release3 release2 release1");
    }
  }

  TEST_CASE("a layer that several require is built once, and released after the last") {
    EventLog log;
    buildAndClose(layer::wire<Service<4>>(part<4, Service<2>, Service<3>>(log),
                                          part<3, Service<1>>(log), part<2, Service<1>>(log),
                                          part<1>(log)));
    CHECK(log.text() == "acquire1 acquire3 acquire2 acquire4 release4 release3 release2 release1");
  }

  TEST_CASE("layers that do not need each other are built and released side by side") {
    EventLog log;
    const auto slowOf = [&](auto number) {
      constexpr int n = decltype(number)::value;
      return layer::scoped(
          [&log](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Service<n>>> {
            log.add("acquiring" + std::to_string(n));
            co_await yield();
            log.add("acquired" + std::to_string(n));
            scope.addFinalizer([&log]() -> asio::awaitable<void> {
              log.add("releasing" + std::to_string(n));
              co_await yield();
              log.add("released" + std::to_string(n));
            });
            co_return std::make_shared<Service<n>>();
          });
    };
    const auto one = slowOf(std::integral_constant<int, 1>());
    const auto two = slowOf(std::integral_constant<int, 2>());
    buildAndClose(layer::wire<Service<3>>(part<3, Service<1>, Service<2>>(log), one, two));
    CHECK(log.text() ==
          "acquiring1 acquiring2 acquired1 acquired2 acquire3 release3 "
          "releasing2 releasing1 released2 released1");
  }

  TEST_CASE("without named services the result provides all") {
    EventLog log;
    const layer::Layer<layer::Requires<>, layer::Provides<Service<1>, Service<2>>> all =
        layer::wire(part<2, Service<1>>(log), part<1>(log));
    const int sum = run([&] {
      return layer::run(all, [](Service<1>& a, Service<2>& b) { return a.value + b.value; });
    });
    CHECK(sum == 3);
    CHECK(log.text() == "acquire1 acquire2 release2 release1");
  }

  TEST_CASE("a layer that provides nothing is built though nobody requires it") {
    EventLog log;
    const auto migrate = layer::effectDiscard([&](Service<1>&) { log.add("migrate"); });
    buildAndClose(layer::wire<Service<2>>(part<2>(log), migrate, part<1>(log)));
    CHECK(log.text() == "acquire2 acquire1 migrate release1 release2");
    log.clear();
    buildAndClose(layer::wire(migrate, part<1>(log)));
    CHECK(log.text() == "acquire1 migrate release1");
  }

  TEST_CASE("what requires the tag of a migration is built after it") {
    EventLog log;
    struct Migrated {};
    const auto server = layer::effect([&](Migrated&) -> asio::awaitable<Service<2>> {
      log.add("open");
      co_return Service<2>();
    });
    const auto migration = layer::effect([&](Service<1>&) -> asio::awaitable<Migrated> {
      co_await yield();
      log.add("migrated");
      co_return Migrated();
    });
    buildAndClose(layer::wire<Service<2>>(server, migration, part<1>(log)));
    CHECK(log.text() == "acquire1 migrated open release1");
  }

  TEST_CASE("a fresh layer of the list is one in the list") {
    EventLog log;
    buildAndClose(layer::wire<Service<2>, Service<3>>(
        layer::fresh(part<1>(log)), part<2, Service<1>>(log), part<3, Service<1>>(log)));
    CHECK(log.text() == "acquire1 acquire3 acquire2 release3 release2 release1");
  }

  TEST_CASE("a layer of the list that another one is provided with as well is shared") {
    EventLog log;
    const auto one = part<1>(log);
    buildAndClose(layer::wire<Service<2>, Service<3>>(
        one, part<2, Service<1>>(log), layer::provide(part<3, Service<1>>(log), one)));
    CHECK(log.text() == "acquire1 acquire3 acquire2 release3 release2 release1");
  }

  TEST_CASE("a layer of several services is wired by each of them") {
    EventLog log;
    const auto both = layer::merge(part<1>(log), part<2>(log));
    buildAndClose(layer::wire<Service<3>>(part<3, Service<2>, Service<1>>(log), both));
    CHECK(log.text() == "acquire1 acquire2 acquire3 release3 release2 release1");
  }

  TEST_CASE("a wired layer is a layer like any other") {
    EventLog log;
    const auto below = layer::wire<Service<2>>(part<1>(log), part<2, Service<1>>(log));
    buildAndClose(layer::wire<Service<3>>(below, part<3, Service<2>>(log)));
    CHECK(log.text() == "acquire1 acquire2 acquire3 release3 release2 release1");
    CHECK(layer::graph(below).find("Service#lt;1#gt;") != std::string::npos);
  }

  TEST_CASE("a failure releases what is built, and comes as it is") {
    EventLog log;
    const auto fails = layer::effect([](Service<1>&) -> asio::awaitable<Service<2>> {
      co_await yield();
      throw Failed();
    });
    CHECK(errorOf(layer::wire<Service<3>>(part<3, Service<2>>(log), fails, part<1>(log))) ==
          "failed!");
    CHECK(log.text() == "acquire1 release1");
  }

  TEST_CASE("an empty list is an empty layer") { buildAndClose(layer::wire()); }

  TEST_CASE("a chain of 150 layers") {
    EventLog log;
    const auto links = [&]<int... N>(std::integer_sequence<int, N...>) {
      return layer::wire<Service<150>>(
          layer::sync([](Service<N>& s) { return Service<N + 1>{s.value + 1}; })...,
          layer::succeed(Service<0>{0}));
    };
    const auto app = links(std::make_integer_sequence<int, 150>());
    CHECK(run([&] { return layer::run(app, [](Service<150>& s) { return s.value; }); }) == 150);
  }
}
