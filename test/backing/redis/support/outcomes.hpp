#pragma once
/// What became of many operations that were under way at once, and how long things took.

#include <filesystem>

#include "support/workload.hpp"

namespace persistance::test {

using Steady = std::chrono::steady_clock;

inline std::chrono::milliseconds since(Steady::time_point began) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - began);
}

/// For operations that have to be tried again.
inline RedisOptions patient(std::string url) {
  RedisOptions options(std::move(url));
  options.deadline = std::chrono::milliseconds(2000);
  return options;
}

/// The descriptors that this process has open.
inline std::size_t openFiles() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

/// Sets and gets that are started at once; each ends once.
struct Outcomes {
  std::map<std::string, int> count;
  int left = 0;

  asio::awaitable<void> one(StorePtr store, int i) {
    const std::string key = "k" + std::to_string(i);
    std::string name = "ok";
    try {
      if (i % 2 == 0) {
        co_await set(store, key, key);
      } else {
        auto found = co_await get(store, key);
        if (found && *found != key) name = "WRONG";
      }
    } catch (const backing::Failure& failure) {
      name = failure.code().message();
    }
    ++count[name];
    --left;
  }

  void start(asio::any_io_executor executor, StorePtr store, int operations) {
    left = operations;
    for (int i = 0; i < operations; ++i) asio::co_spawn(executor, one(store, i), asio::detached);
  }

  asio::awaitable<void> end() {
    while (left > 0) co_await sleepFor(std::chrono::milliseconds(1));
  }

  int of(BackingErrc code) { return count[make_error_code(code).message()]; }
};

}  // namespace persistance::test
