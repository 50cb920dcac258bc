#pragma once
/// Coroutines that ask for layers, and are cancelled one by one.

#include <atomic>
#include <chrono>
#include <exception>
#include <map>
#include <string>

#include "layers.hpp"

namespace persistance::test {

constexpr auto hang = std::chrono::seconds(20);

/// A diamond on a chain, with something of every kind that waits.
inline auto sample(EventLog& log) {
  const auto foot = layer::provideMerge(slow<2>(log), slow<1>(log));
  const auto left = layer::provide(slow<3>(log), foot);
  const auto right =
      layer::tap(layer::provide(slow<4>(log), foot), [](Service<4>&) { return yield(); });
  const auto flaky = layer::orElse(failing<5>(log), slow<5>(log));
  const auto late = layer::unwrap([&log]() -> asio::awaitable<LayerOf<6>> {
    co_await yield();
    co_return slow<6>(log);
  });
  const auto hard = layer::retry(layer::orElse(failing<7>(log), failing<7>(log)),
                                 layer::Schedule::spaced(std::chrono::milliseconds(1)).times(1));
  const auto soft = layer::catchAll(hard, [&log] { return slow<7>(log); });
  return layer::merge(left, right, flaky, late, soft);
}

/// Everything that was acquired was released, as often as it was acquired.
inline bool balanced(const EventLog& log) {
  std::map<std::string, int> open;
  for (const std::string& event : log.events()) {
    if (event.starts_with("acquire")) ++open[event.substr(7)];
    if (event.starts_with("release") && --open[event.substr(7)] < 0) return false;
  }
  for (const auto& [name, count] : open) {
    if (count != 0) return false;
  }
  return true;
}

inline int count(const EventLog& log, const std::string& wanted) {
  int n = 0;
  for (const std::string& event : log.events()) n += event == wanted;
  return n;
}

/// A coroutine with a cancellation of its own, and how it ended.
struct Requester {
  asio::cancellation_signal signal;
  std::atomic<int> completions = 0;
  std::exception_ptr error;

  void start(const asio::any_io_executor& executor, asio::awaitable<void> work) {
    asio::co_spawn(executor, std::move(work),
                   asio::bind_cancellation_slot(signal.slot(), [this](std::exception_ptr e) {
                     error = e;
                     ++completions;
                   }));
  }
  void start(asio::io_context& context, asio::awaitable<void> work) {
    start(context.get_executor(), std::move(work));
  }

  void cancel() { signal.emit(asio::cancellation_type::terminal); }

  bool aborted() const {
    try {
      if (error) std::rethrow_exception(error);
    } catch (const std::system_error& e) {
      return e.code() == asio::error::operation_aborted;
    }
    return false;
  }
};

template <class L>
asio::awaitable<void> waitAndUse(L layer, layer::MemoMap map) {
  return layer::run(layer, [] { return yield(); }, map);
}

inline void runSome(asio::io_context& context, std::size_t steps) {
  for (std::size_t i = 0; i < steps; ++i) context.run_one_for(std::chrono::seconds(5));
}

/// Runs until nothing is left to do, also after it has stopped before.
inline void runAll(asio::io_context& context, std::chrono::milliseconds longest = hang) {
  context.restart();
  context.run_for(longest);
}

}  // namespace persistance::test
