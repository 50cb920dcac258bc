#pragma once
/// @file
/// Moments as far away as a user may ask for.

#include <algorithm>
#include <chrono>

namespace persistance::async {

/// `duration` from now, where milliseconds::max() is some 140 years: no sum with a clock overflows.
[[nodiscard]] inline std::chrono::steady_clock::time_point fromNow(
    std::chrono::milliseconds duration) {
  using Clock = std::chrono::steady_clock;
  using std::chrono::milliseconds;
  constexpr auto farthest = std::chrono::duration_cast<milliseconds>(Clock::duration::max()) / 2;
  return Clock::now() + std::clamp(duration, milliseconds(0), farthest);
}

}  // namespace persistance::async
