#pragma once
/// Layers that fail: when they are built, or when they are released.

#include <memory>
#include <stdexcept>
#include <string>

#include "layers.hpp"

namespace persistance::test {

struct Other : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline std::string textOf(const std::exception_ptr& error) {
  try {
    if (error) std::rethrow_exception(error);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
  return {};
}

/// Fails `times` times, then works.
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

/// Works, and fails when it is released.
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

}  // namespace persistance::test
