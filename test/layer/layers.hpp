#pragma once
/// Layers that log what happens to them: "acquire1", "release1".

#include <memory>
#include <persistance/layer.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/event_log.hpp"
#include "support/run.hpp"

namespace persistance::test {

template <int N>
struct Service {
  int value = N;
};

struct Config {
  int value;
};
struct A {
  int value;
};
struct B {
  int value;
};
struct C {
  int value;
};

template <int N>
using LayerOf = layer::Layer<layer::Requires<>, layer::Provides<Service<N>>>;

struct Failed : std::runtime_error {
  explicit Failed(const std::string& what = "failed!") : std::runtime_error(what) {}
};

/// Lets everything else that is ready run first.
inline asio::awaitable<void> yield() { return asio::post(asio::use_awaitable); }

/// Acquires in a coroutine that waits once, and releases in one that does.
template <int N>
LayerOf<N> slow(EventLog& log) {
  return layer::scoped<Service<N>>(
      [&log](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Service<N>>> {
        co_await yield();
        log.add("acquire" + std::to_string(N));
        scope.addFinalizer([&log]() -> asio::awaitable<void> {
          co_await yield();
          log.add("release" + std::to_string(N));
        });
        co_await yield();
        co_return std::make_shared<Service<N>>();
      });
}

/// The same without waiting.
template <int N>
LayerOf<N> logged(EventLog& log) {
  return layer::scoped<Service<N>>(
      [&log](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Service<N>>> {
        log.add("acquire" + std::to_string(N));
        scope.addFinalizer([&log]() -> asio::awaitable<void> {
          log.add("release" + std::to_string(N));
          co_return;
        });
        co_return std::make_shared<Service<N>>();
      });
}

/// Fails, after it has acquired something.
template <int N>
LayerOf<N> failing(EventLog& log, const std::string& what = "failed!") {
  return layer::scoped<Service<N>>(
      [&log, what](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Service<N>>> {
        log.add("acquire" + std::to_string(N));
        scope.addFinalizer([&log] { log.add("release" + std::to_string(N)); });
        co_await yield();
        throw Failed(what);
      });
}

/// Needs Service<N - 1>.
template <int N>
auto needing(EventLog& log) {
  return layer::scoped([&log](Service<N - 1>&, layer::Scope& scope) {
    log.add("acquire" + std::to_string(N));
    scope.addFinalizer([&log] { log.add("release" + std::to_string(N)); });
    return Service<N>();
  });
}

/// A wait that only a cancellation ends.
inline asio::awaitable<void> waitForEver() {
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
  co_await timer.async_wait(asio::use_awaitable);
}

/// The events of a log from `from` to before `to`, without their order.
inline std::set<std::string> part(const EventLog& log, std::size_t from, std::size_t to) {
  const std::vector<std::string> events = log.events();
  if (events.size() < to) return {};
  return {events.begin() + static_cast<std::ptrdiff_t>(from),
          events.begin() + static_cast<std::ptrdiff_t>(to)};
}
using Two = std::set<std::string>;

/// Builds and closes.
template <class L>
asio::awaitable<void> use(L layer, layer::MemoMap map = layer::MemoMap()) {
  const layer::Scope scope;
  co_await layer::build(layer, scope, map);
  co_await scope.close();
}

template <class L>
void buildAndClose(const L& layer) {
  run([&] { return use(layer); });
}

/// What a build throws, or an empty string.
template <class L>
std::string errorOf(const L& layer) {
  try {
    buildAndClose(layer);
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

}  // namespace persistance::test
