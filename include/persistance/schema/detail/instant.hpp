#pragma once
/// @file
/// Points in time and durations of any unit, to the nanosecond.

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>

#include <persistance/schema/detail/number_text.hpp>

namespace persistance::schema::detail {

/// Seconds and the nanoseconds after them: wide enough for every year from 0 to 9999. Before zero,
/// both are negative or zero in a duration; in a point in time the nanoseconds never are.
struct Instant {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;
};

template <class T>
inline constexpr bool isDuration = false;
template <class Rep, class Period>
inline constexpr bool isDuration<std::chrono::duration<Rep, Period>> =
    std::is_integral_v<Rep> && Period::den <= 1'000'000'000 && Period::num <= 1'000'000'000;
template <class T>
inline constexpr bool isTimePoint = false;
template <class D>
inline constexpr bool isTimePoint<std::chrono::time_point<std::chrono::system_clock, D>> =
    isDuration<D>;

/// nullopt: D cannot hold it exactly.
template <class D>
[[nodiscard]] std::optional<D> exactly(Instant value) {
  using Period = typename D::period;
  constexpr Wide perSecond = Wide{1'000'000'000} * Period::num;
  const Wide nanoseconds = Wide{value.seconds} * 1'000'000'000 + value.nanoseconds;
  const Wide scaled = nanoseconds * Period::den;
  if (scaled % perSecond != 0) return std::nullopt;
  const Wide count = scaled / perSecond;
  using Rep = typename D::rep;
  if (count < std::numeric_limits<Rep>::min() || count > std::numeric_limits<Rep>::max())
    return std::nullopt;
  return D(static_cast<Rep>(count));
}

/// nullopt: it is not a whole number of nanoseconds, or the seconds do not fit.
template <class D>
[[nodiscard]] std::optional<Instant> instantOf(D duration) {
  using Period = typename D::period;
  const Wide scaled = Wide{duration.count()} * Period::num * 1'000'000'000;
  if (scaled % Period::den != 0) return std::nullopt;
  const Wide nanoseconds = scaled / Period::den;
  const Wide seconds = nanoseconds / 1'000'000'000;
  if (seconds < std::numeric_limits<std::int64_t>::min() ||
      seconds > std::numeric_limits<std::int64_t>::max())
    return std::nullopt;
  return Instant{static_cast<std::int64_t>(seconds),
                 static_cast<std::int32_t>(nanoseconds % 1'000'000'000)};
}

}  // namespace persistance::schema::detail
