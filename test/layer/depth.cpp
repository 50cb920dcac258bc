// Graphs of any depth.
#include <doctest/doctest.h>

#include "requester.hpp"
#include "support/small_stack.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer depth") {
  TEST_CASE("a chain of any length is built, closed and destroyed on a flat stack") {
    onSmallStack([] {
      constexpr int length = 10000;
      const auto next = [] {
        return layer::sync([](Service<1>& s) { return Service<1>{s.value + 1}; });
      };
      LayerOf<1> right = layer::succeed(Service<1>{0});
      layer::Layer<layer::Requires<Service<1>>, layer::Provides<Service<1>>> left = next();
      LayerOf<1> merged = layer::succeed(Service<1>{0});
      for (int i = 0; i < length; ++i) {
        right = layer::provide(next(), right);
        left = layer::provide(left, next());
        merged = layer::merge(layer::fresh(merged), layer::succeed(Service<1>{i}));
      }
      const auto value = [](Service<1>& s) { return s.value; };
      CHECK(run([&] { return layer::run(right, value); }) == length);
      const auto closed = layer::provide(left, layer::succeed(Service<1>{0}));
      CHECK(run([&] { return layer::run(closed, value); }) == length + 1);
      CHECK(run([&] { return layer::run(merged, value); }) == length - 1);
      CHECK(layer::graph(right).size() > length);
    });
  }

  TEST_CASE("a long chain may be dropped, cancelled or abandoned half-way") {
    onSmallStack([] {
      constexpr int length = 10000;
      EventLog log;
      LayerOf<1> l = slow<1>(log);
      for (int i = 0; i < length; ++i)
        l = layer::provide(layer::sync([](Service<1>& s) { return Service<1>{s.value + 1}; }), l);
      const layer::MemoMap map;
      {
        asio::io_context context;
        Requester abandoned;
        abandoned.start(context, waitAndUse(l, map));
        runSome(context, 2);
      }
      asio::io_context context;
      Requester cancelled;
      cancelled.start(context, waitAndUse(l, map));
      runSome(context, 2);
      cancelled.cancel();
      context.run_for(hang);
      CHECK(cancelled.aborted());
      context.restart();
      Requester dropped;
      const auto drop = [&]() -> asio::awaitable<void> {
        const layer::Scope scope;
        co_await layer::build(l, scope, map);
      };
      dropped.start(context, drop());
      context.run_for(hang);
      CHECK(dropped.completions == 1);
    });
  }
}
