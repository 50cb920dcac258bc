#pragma once
/// @file
/// When a value ends. Every backing that keeps its own clock decides it here.

#include <algorithm>
#include <chrono>
#include <optional>

namespace persistance::backing {

/// The time at which a value that is written at `now` is gone; nullopt when that is further away
/// than the clock can say, which is for ever.
template <class Clock, class Duration>
[[nodiscard]] constexpr std::optional<std::chrono::time_point<Clock, Duration>> expiresAt(
    std::chrono::time_point<Clock, Duration> now, std::chrono::milliseconds timeToLive) {
  // Compared before it is added or converted, which could overflow.
  if (timeToLive > std::chrono::duration_cast<std::chrono::milliseconds>(Duration::max()))
    return std::nullopt;
  const auto added = std::chrono::duration_cast<Duration>(timeToLive);
  const Duration since = now.time_since_epoch();
  if (since > Duration::zero() && added > Duration::max() - since) return std::nullopt;
  return now + added;
}

/// What is left until `end`, which has not come: rounded up to milliseconds, and one at least.
template <class Clock, class Duration>
[[nodiscard]] constexpr std::chrono::milliseconds timeLeft(
    std::chrono::time_point<Clock, Duration> end, std::chrono::time_point<Clock, Duration> now) {
  const Duration since = now.time_since_epoch();
  const Duration until = end.time_since_epoch();
  const bool overflows = since < Duration::zero() && until > Duration::max() + since;
  const Duration left = overflows ? Duration::max() : until - since;
  const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(left);
  return std::max(std::chrono::milliseconds(1),
                  whole < left ? whole + std::chrono::milliseconds(1) : whole);
}

/// Expired at `now`: at its very end a value is gone.
template <class TimePoint>
[[nodiscard]] constexpr bool isExpired(TimePoint expires, TimePoint now) {
  return expires <= now;
}

}  // namespace persistance::backing
