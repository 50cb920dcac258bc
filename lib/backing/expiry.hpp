#pragma once
/// @file
/// When a value ends. Every backing that keeps its own clock decides it here.

#include <chrono>
#include <optional>

namespace persistance::backing {

/// The time at which a value that is written at `now` is gone; nullopt when that is further away
/// than the clock can say, which is for ever.
template <class Clock, class Duration>
[[nodiscard]] constexpr std::optional<std::chrono::time_point<Clock, Duration>> expiresAt(
    std::chrono::time_point<Clock, Duration> now, std::chrono::milliseconds timeToLive) {
  using TimePoint = std::chrono::time_point<Clock, Duration>;
  // Compared in milliseconds: the sum itself could overflow.
  const auto left = TimePoint::max().time_since_epoch() / 2 - now.time_since_epoch() / 2;
  if (timeToLive / 2 >= std::chrono::duration_cast<std::chrono::milliseconds>(left))
    return std::nullopt;
  return now + std::chrono::duration_cast<Duration>(timeToLive);
}

/// Expired at `now`: at its very end a value is gone.
template <class TimePoint>
[[nodiscard]] constexpr bool isExpired(TimePoint expires, TimePoint now) {
  return expires <= now;
}

}  // namespace persistance::backing
