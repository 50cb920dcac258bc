#pragma once
/// @file
/// When to try again.

#include <chrono>
#include <exception>
#include <functional>
#include <optional>

namespace persistance::layer {

/// A plan of waits between tries, for `retry`. A value: each of the refinements gives a new plan.
///
///     Schedule::exponential(100ms).upTo(5s).jittered().times(8)
///
/// Where nothing is said about it, there are at most 10 further tries.
class Schedule {
 public:
  using Duration = std::chrono::milliseconds;

  /// Tries again at once.
  [[nodiscard]] static Schedule immediate();
  /// Waits for the same time before each try.
  [[nodiscard]] static Schedule spaced(Duration delay);
  /// Waits for `first`, then each time `factor` times as long.
  [[nodiscard]] static Schedule exponential(Duration first, double factor = 2);

  /// At most `count` further tries; 0 is none.
  [[nodiscard]] Schedule times(int count) const;
  /// Never gives up.
  [[nodiscard]] Schedule forever() const;
  /// No wait is longer than `longest`.
  [[nodiscard]] Schedule upTo(Duration longest) const;
  /// Each wait is shortened at random, to no less than half: servers that start together do not
  /// knock together.
  [[nodiscard]] Schedule jittered() const;
  /// Gives up at once on an error for which `again` is false.
  [[nodiscard]] Schedule whileError(std::function<bool(const std::exception_ptr&)> again) const;

  /// The wait before the next try, after `tries` failed ones; nullopt: give up. `random` is from
  /// [0, 1) and is used where the plan is jittered.
  [[nodiscard]] std::optional<Duration> next(int tries, const std::exception_ptr& error,
                                             double random) const;

 private:
  Schedule(Duration first, double factor) : first_(first), factor_(factor) {}

  Duration first_;
  double factor_;
  Duration longest_ = Duration::max();
  std::optional<int> count_ = 10;
  bool jittered_ = false;
  std::function<bool(const std::exception_ptr&)> again_;
};

}  // namespace persistance::layer
