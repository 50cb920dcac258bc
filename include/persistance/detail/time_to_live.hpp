#pragma once
/// @file
/// Times to live of any unit.

#include <chrono>
#include <optional>

namespace persistance::detail {

/// `duration` in whole milliseconds, rounded up; out of range: the nearest there is; NaN: the least.
template <class Rep, class Period>
[[nodiscard]] constexpr std::chrono::milliseconds toMilliseconds(
    std::chrono::duration<Rep, Period> duration) {
  using std::chrono::milliseconds;
  using Approximate = std::chrono::duration<long double, std::milli>;
  // The exact conversion would overflow where the approximate one is out of range.
  const Approximate approximate(duration);
  if (approximate >= Approximate(milliseconds::max())) return milliseconds::max();
  if (!(approximate > Approximate(milliseconds::min()))) return milliseconds::min();
  return std::chrono::ceil<milliseconds>(duration);
}

/// A time to live that is given or not: by default a value lives for ever.
[[nodiscard]] constexpr std::optional<std::chrono::milliseconds> inMilliseconds() {
  return std::nullopt;
}
template <class Rep, class Period>
[[nodiscard]] constexpr std::optional<std::chrono::milliseconds> inMilliseconds(
    std::chrono::duration<Rep, Period> duration) {
  return toMilliseconds(duration);
}

}  // namespace persistance::detail
