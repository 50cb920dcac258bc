// Runs under awaitable_operators: one of two cancels the other, which is released before the whole ends; an
// error of one ends both; timers as timeouts; launch, build, dispose and close work as operands, too.
#include <asio/experimental/awaitable_operators.hpp>

#include "layers.hpp"
#include "support/run.hpp"

namespace {
using namespace asio::experimental::awaitable_operators;
using persistance::test::run;
struct A {
  int n;
};
struct B {
  int n;
};

template <class S>
auto logged(EventLog& log, std::string name, std::chrono::milliseconds build = 0ms) {
  return layer::scoped([&log, name, build](layer::Scope& scope) -> asio::awaitable<S> {
    scope.addFinalizer([&log, name]() -> asio::awaitable<void> {
      co_await sleepFor(2ms);
      log.add("-" + name);
    });
    co_await sleepFor(build);
    log.add("+" + name);
    co_return S{1};
  });
}
template <class S>
auto body(std::chrono::milliseconds d, int result) {
  return [d, result](S&) -> asio::awaitable<int> {
    co_await sleepFor(d);
    co_return result;
  };
}
}  // namespace

int main() {
  for (const bool strand : {false, true}) {
    const auto on = [&](auto f) {
      if (!strand) return run(f);
      asio::io_context io;
      Spawned s;
      s.start(asio::make_strand(io), f());
      runOn(io, 1);
      if (!s.succeeded()) throw std::runtime_error("failed: " + s.text());
    };
    EventLog log;
    auto a = logged<A>(log, "a");
    auto b = logged<B>(log, "b");
    on([&]() -> asio::awaitable<void> {
      auto both = co_await (layer::run(a, body<A>(3ms, 1)) && layer::run(b, body<B>(5ms, 2)));
      field::expect(std::get<0>(both) == 1 && std::get<1>(both) == 2, "&&: both");
      field::expect(log.events().size() == 4, "&&: released " + log.text());
    });
    log.clear();
    on([&]() -> asio::awaitable<void> {
      auto one = co_await (layer::run(a, body<A>(3ms, 1)) || layer::run(b, body<B>(1h, 2)));
      field::expect(one.index() == 0 && std::get<0>(one) == 1, "||: the first");
      field::expect(
          log.text().find("-a") != std::string::npos && log.text().find("-b") != std::string::npos,
          "||: both released " + log.text());
    });
    log.clear();
    // the same map on both sides
    on([&]() -> asio::awaitable<void> {
      const layer::MemoMap map;
      auto one =
          co_await (layer::run(a, body<A>(1h, 1), map) || layer::run(a, body<A>(3ms, 2), map));
      field::expect(one.index() == 1, "||: the second, one map");
      field::expect(log.text() == "+a -a", "||: one map: " + log.text());
    });
    log.clear();
    // cancelled while both build; one map: the other goes on
    on([&]() -> asio::awaitable<void> {
      const layer::MemoMap map;
      auto slow = logged<A>(log, "slow", 20ms);
      auto pair = co_await ((layer::run(slow, body<A>(0ms, 1), map) || sleepFor(3ms)) &&
                            layer::run(slow, body<A>(0ms, 2), map));
      field::expect(std::get<0>(pair).index() == 1 && std::get<1>(pair) == 2,
                    "the one that is left goes on");
      field::expect(log.text() == "+slow -slow", "the one that is left: built once: " + log.text());
    });
    log.clear();
    // an error of one side
    on([&]() -> asio::awaitable<void> {
      std::string text;
      try {
        co_await (layer::run(a,
                             [](A&) -> asio::awaitable<void> {
                               co_await sleepFor(3ms);
                               throw std::runtime_error("left");
                             }) &&
                  layer::run(b, [](B&) -> asio::awaitable<void> { co_await sleepFor(1h); }));
      } catch (const asio::multiple_exceptions& e) {
        text = field::thrown([&] { std::rethrow_exception(e.first_exception()); });
      }
      field::expect(text == "left", "&&: the error " + text);
      field::expect(log.events().size() == 4, "&&: both released after an error " + log.text());
    });
    log.clear();
    // timeout of a run while it builds, runs
    for (const auto build : {0ms, 3600000ms}) {
      on([&]() -> asio::awaitable<void> {
        auto one =
            co_await (layer::run(logged<A>(log, "x", build), body<A>(1h, 1)) || sleepFor(5ms));
        field::expect(one.index() == 1, "timeout");
        field::expect(log.text() == (build == 0ms ? "+x -x" : "-x"),
                      "timeout: released: " + log.text());
      });
      log.clear();
    }
    // launch || a signal; launch && launch ended by a timer
    on([&]() -> asio::awaitable<void> {
      co_await (layer::launch(a) || sleepFor(5ms));
      field::expect(log.text() == "+a -a", "launch: " + log.text());
      const layer::LaunchOptions second{1s};
      co_await ((layer::launch(a, second) && layer::launch(b, second)) || sleepFor(5ms));
      field::expect(log.events().size() == 6, "launch of two: " + log.text());
    });
    log.clear();
    // builds side by side into one scope, then close && close
    on([&]() -> asio::awaitable<void> {
      layer::Scope scope;
      auto both = co_await (layer::build(a, scope) && layer::build(b, scope));
      field::expect(
          std::get<0>(both).template get<A>().n + std::get<1>(both).template get<B>().n == 2,
          "build && build");
      co_await (scope.close() && scope.close());
      field::expect(log.events().size() == 4, "close && close: " + log.text());
    });
    log.clear();
    // a runtime: run && run && context, dispose || timer
    on([&]() -> asio::awaitable<void> {
      layer::ManagedRuntime runtime(layer::merge(a, b));
      auto all = co_await (runtime.run(body<A>(1ms, 1)) && runtime.run(body<B>(2ms, 2)) &&
                           runtime.context());
      field::expect(std::get<0>(all) == 1 && std::get<1>(all) == 2, "runtime: all");
      auto end = co_await (runtime.dispose() || sleepFor(1h));
      field::expect(end.index() == 0, "runtime: disposed of first");
      field::expect(log.events().size() == 4, "runtime: " + log.text());
    });
    log.clear();
    // close || a quicker timer: it does not hang, and close again waits for the end
    on([&]() -> asio::awaitable<void> {
      layer::Scope scope;
      scope.addFinalizer([&]() -> asio::awaitable<void> {
        co_await sleepFor(20ms);
        log.add("closed");
      });
      auto one = co_await (scope.close() || sleepFor(2ms));
      co_await scope.close();
      field::expect(log.text() == "closed", "close || timer: then closed " + log.text());
    });
    log.clear();
    // operators inside of a body and of a layer's function
    on([&]() -> asio::awaitable<void> {
      auto inside = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<A> {
        auto both = co_await (layer::build(logged<B>(log, "b1"), scope) &&
                              layer::build(logged<B>(log, "b2"), scope));
        auto one = co_await (sleepFor(1h) || sleepFor(1ms));
        co_return A{std::get<0>(both).template get<B>().n + int(one.index())};
      });
      const int n = co_await layer::run(inside, [](A& x) -> asio::awaitable<int> {
        auto one = co_await (sleepFor(1h) || sleepFor(1ms));
        co_return x.n + int(one.index());
      });
      field::expect(n == 3, "inside");
      field::expect(log.events().size() == 4, "inside: " + log.text());
    });
    log.clear();
  }
  return field::result();
}
