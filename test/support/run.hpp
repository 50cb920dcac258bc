#pragma once
/// Runs a coroutine on a fresh io_context. A coroutine that does not end by the deadline is a
/// failure, never a hang of the test program.

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <vector>

#include <persistance/asio.hpp>

namespace persistance::test {

struct Hang : std::runtime_error {
  Hang() : std::runtime_error("the coroutine did not end by its deadline") {}
};

template <class Awaitable>
struct AwaitedOf;
template <class T>
struct AwaitedOf<asio::awaitable<T>> {
  using type = T;
};
template <class Body>
using Awaited = typename AwaitedOf<std::invoke_result_t<Body&>>::type;

/// Runs `work` to its end on `threads` threads and throws its exception; Hang at the deadline.
inline void runToEnd(asio::awaitable<void> work, std::chrono::milliseconds deadline, int threads) {
  asio::io_context context;
  std::exception_ptr error;
  bool done = false;
  asio::co_spawn(context, std::move(work), [&](std::exception_ptr e) {
    error = e;
    done = true;
    context.stop();
  });
  std::vector<std::thread> crew;
  for (int i = 1; i < threads; ++i) crew.emplace_back([&] { context.run_for(deadline); });
  context.run_for(deadline);
  for (std::thread& thread : crew) thread.join();
  if (!done) throw Hang();
  if (error) std::rethrow_exception(error);
}

/// Runs `body()` to its end on `threads` threads and gives its result or throws its exception.
template <class Body>
Awaited<Body> run(Body body, std::chrono::milliseconds deadline = std::chrono::seconds(20),
                  int threads = 1) {
  using Result = Awaited<Body>;
  if constexpr (std::is_void_v<Result>) {
    auto work = [&]() -> asio::awaitable<void> { co_await body(); };
    runToEnd(work(), deadline, threads);
  } else {
    std::optional<Result> result;
    auto work = [&]() -> asio::awaitable<void> { result.emplace(co_await body()); };
    runToEnd(work(), deadline, threads);
    return std::move(*result);
  }
}

}  // namespace persistance::test
