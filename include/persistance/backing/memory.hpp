#pragma once
/// @file
/// The backing in memory.

#include <persistance/layer/handle.hpp>

#include <chrono>
#include <functional>
#include <utility>

namespace persistance {

class BackingPersistance;

/// How a backing in memory is made.
struct MemoryOptions {
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  /// What times to live are measured by. Called under a lock and from any thread. Default: the
  /// steady clock, which no change of the system's time moves; a test puts its own here.
  Clock clock = &std::chrono::steady_clock::now;

  MemoryOptions() = default;
  explicit MemoryOptions(Clock clock_) : clock(std::move(clock_)) {}
};

/// A backing in memory; it starts empty and ends with the layer. layerMemory is this with the
/// default options.
///
/// getMany sees, and setMany writes, all or nothing. Operations complete without suspending, but
/// for one in a thousand, which lets others run. Expired values are removed a few at a time by the
/// operations that follow.
[[nodiscard]] layer::Layer<layer::Requires<>, layer::Provides<BackingPersistance>> layerMemoryWith(
    MemoryOptions options);

}  // namespace persistance
