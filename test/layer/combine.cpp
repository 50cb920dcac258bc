// The laws of merge, provide and fresh, each under the name of the test that it mirrors.
#include <doctest/doctest.h>

#include "layers.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer combine") {
  TEST_CASE("layers can be acquired in parallel") {
    EventLog log;
    const auto never = layer::effectDiscard([]() -> asio::awaitable<void> {
      asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
      co_await timer.async_wait(asio::use_awaitable);
    });
    asio::io_context context;
    asio::cancellation_signal signal;
    bool aborted = false;
    asio::co_spawn(context, layer::launch(layer::merge(never, slow<2>(log))),
                   asio::bind_cancellation_slot(
                       signal.slot(), [&](std::exception_ptr e) { aborted = e != nullptr; }));
    context.run_for(std::chrono::milliseconds(50));
    CHECK(log.text() == "acquire2");
    signal.emit(asio::cancellation_type::terminal);
    context.restart();
    context.run_for(std::chrono::seconds(10));
    CHECK(aborted);
    CHECK(log.text() == "acquire2 release2");
  }

  TEST_CASE("finalizers") {
    EventLog log;
    buildAndClose(layer::merge(slow<1>(log), slow<2>(log)));
    CHECK(log.events().size() == 4);
    CHECK(part(log, 0, 2) == Two{"acquire1", "acquire2"});
    CHECK(part(log, 2, 4) == Two{"release1", "release2"});
  }

  TEST_CASE("finalizers with provide") {
    EventLog log;
    buildAndClose(layer::provide(slow<2>(log), slow<1>(log)));
    CHECK(log.text() == "acquire1 acquire2 release2 release1");
  }

  TEST_CASE("finalizers with multiple layers with provideTo") {
    EventLog log;
    buildAndClose(layer::provide(layer::provide(slow<3>(log), slow<2>(log)), slow<1>(log)));
    CHECK(log.text() == "acquire1 acquire2 acquire3 release3 release2 release1");
  }

  // The first that asks is built for all: in the order of the arguments, where no layer waits.
  TEST_CASE("caching values in dependencies") {
    const auto a = layer::sync([](Config& config) { return A{config.value}; });
    const auto b = layer::sync([](A& from) { return B{from.value}; });
    const auto c = layer::sync([](A& from) { return C{from.value}; });
    const auto fedB = layer::provide(b, layer::provide(a, layer::succeed(Config{1})));
    const auto fedC = layer::provide(c, layer::provide(a, layer::succeed(Config{2})));
    const auto values = run([&] {
      return layer::run(layer::merge(fedB, fedC),
                        [](B& left, C& right) { return std::pair(left.value, right.value); });
    });
    CHECK(values == std::pair(1, 1));
    const auto turned = run([&] {
      return layer::run(layer::merge(fedC, fedB),
                        [](B& left, C& right) { return std::pair(left.value, right.value); });
    });
    CHECK(turned == std::pair(2, 2));
  }

  TEST_CASE("fresh with merge") {
    EventLog log;
    const auto one = logged<1>(log);
    buildAndClose(layer::merge(one, layer::fresh(one)));
    CHECK(log.text() == "acquire1 acquire1 release1 release1");
  }

  TEST_CASE("fresh with provide") {
    EventLog log;
    const auto one = logged<1>(log);
    buildAndClose(layer::provide(layer::fresh(one), one));
    CHECK(log.text() == "acquire1 acquire1 release1 release1");
  }

  TEST_CASE("with multiple layers") {
    EventLog log;
    const auto one = logged<1>(log);
    buildAndClose(layer::merge(layer::merge(one, one), layer::fresh(layer::merge(one, one))));
    CHECK(log.text() == "acquire1 acquire1 release1 release1");
  }

  TEST_CASE("with identical fresh layers") {
    EventLog log;
    const auto one = logged<1>(log);
    const auto three = layer::fresh(layer::provide(logged<3>(log), one));
    buildAndClose(layer::provide(layer::merge(logged<2>(log), three), layer::fresh(one)));
    CHECK(log.text() == "acquire1 acquire2 acquire1 acquire3 release3 release1 release2 release1");
  }

  TEST_CASE("project") {
    const auto part = layer::provide(layer::sync([](Config& c) { return A{c.value}; }),
                                     layer::succeed(Config{9}));
    CHECK(run([&] { return layer::run(part, [](A& a) { return a.value; }); }) == 9);
  }

  TEST_CASE("provides a partial environment to an effect") {
    const auto half = layer::sync([](A& a, B& b) { return C{a.value * 10 + b.value}; });
    const auto withA = layer::provide(half, layer::succeed(A{4}));
    static_assert(std::is_same_v<decltype(withA),
                                 const layer::Layer<layer::Requires<B>, layer::Provides<C>>>);
    const auto whole = layer::provide(withA, layer::succeed(B{2}));
    CHECK(run([&] { return layer::run(whole, [](C& c) { return c.value; }); }) == 42);
  }

  TEST_CASE("provides a partial environment to another layer") {
    const auto b = layer::sync([](A& a) { return B{a.value + 1}; });
    const auto c = layer::sync([](A& a, B& from) { return C{a.value * 10 + from.value}; });
    const auto needsA = layer::provide(c, b);
    static_assert(std::is_same_v<decltype(needsA),
                                 const layer::Layer<layer::Requires<A>, layer::Provides<C>>>);
    const auto whole = layer::provide(needsA, layer::succeed(A{4}));
    CHECK(run([&] { return layer::run(whole, [](C& x) { return x.value; }); }) == 45);
  }

  TEST_CASE("passthrough passes the inputs through to the next layer") {
    const auto b = layer::sync([](A& a) { return B{a.value + 1}; });
    const auto both = layer::provideMerge(b, layer::succeed(A{1}));
    const auto sum = run([&] {
      return layer::run(both, [](A& left, B& right) { return left.value * 10 + right.value; });
    });
    CHECK(sum == 12);
  }

  TEST_CASE("Updates service via updateService") {
    const auto c = layer::sync([](A& a) { return C{a.value}; });
    const auto updated = layer::updateService<A>(c, [](A& a) { return A{a.value + 1}; });
    static_assert(std::is_same_v<decltype(updated),
                                 const layer::Layer<layer::Requires<A>, layer::Provides<C>>>);
    const auto whole = layer::provide(updated, layer::succeed(A{1}));
    CHECK(run([&] { return layer::run(whole, [](C& x) { return x.value; }); }) == 2);
  }

  TEST_CASE("merge takes the later one's service, provideMerge self's") {
    const auto merged = layer::merge(layer::succeed(A{1}), layer::succeed(A{2}));
    CHECK(run([&] { return layer::run(merged, [](A& a) { return a.value; }); }) == 2);
    const auto self = layer::sync([](A& a) { return A{a.value * 10}; });
    const auto l = layer::provideMerge(self, layer::succeed(A{1}));
    CHECK(run([&] { return layer::run(l, [](A& a) { return a.value; }); }) == 10);
  }

  // A handle that gives less hides the rest, and is still the same layer.
  TEST_CASE("a narrowed layer hides what it does not give") {
    const auto both = layer::merge(layer::succeed(A{1}), layer::succeed(B{1}));
    const layer::Layer<layer::Requires<>, layer::Provides<A>> onlyA = both;
    CHECK(onlyA == both);
    const auto merged = layer::merge(layer::succeed(B{2}), onlyA);
    const auto values =
        run([&] { return layer::run(merged, [](A& a, B& b) { return a.value * 10 + b.value; }); });
    CHECK(values == 12);
  }

  // Without finalizers, too: who uses a service dies before it.
  TEST_CASE("services die in reverse") {
    EventLog log;
    struct Dies {
      EventLog* log;
      std::string name;
      Dies(EventLog& l, std::string n) : log(&l), name(std::move(n)) {}
      ~Dies() { log->add(name); }
    };
    struct First : Dies {
      using Dies::Dies;
    };
    struct Second : Dies {
      using Dies::Dies;
    };
    struct Third : Dies {
      using Dies::Dies;
    };
    const auto first = layer::sync([&] { return std::make_unique<First>(log, "first"); });
    const auto second =
        layer::sync([&](First&) { return std::make_unique<Second>(log, "second"); });
    const auto third = layer::sync([&](Second&) { return std::make_unique<Third>(log, "third"); });
    const auto all = layer::provideMerge(third, layer::provideMerge(second, first));
    run([&] { return layer::run(all, [](First&, Third&) {}); });
    CHECK(log.text() == "third second first");
  }
}
