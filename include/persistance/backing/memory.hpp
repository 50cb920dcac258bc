#pragma once
/// @file
/// The memory backing's options.

#include <chrono>
#include <functional>

namespace persistance {

/// How a memory backing is made.
struct MemoryOptions {
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  /// Where time to live reads the time. Called under a lock and from any thread; a test puts its
  /// own clock here. Default: the steady clock, which no change of the system's time moves.
  Clock clock = [] { return std::chrono::steady_clock::now(); };

  MemoryOptions() = default;
  explicit MemoryOptions(Clock clock_) : clock(std::move(clock_)) {}
};

}  // namespace persistance
