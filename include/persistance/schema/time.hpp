#pragma once
/// @file
/// Points in time and durations, as ISO 8601 text or as a number of milliseconds.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <persistance/schema/number.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// Seconds and the nanoseconds after them: wide enough for every year from 0 to 9999. Before zero,
/// both are negative or zero in a duration; in a point in time the nanoseconds never are.
struct Instant {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;
};

/// `2024-02-29T12:00:00.5Z`; read with any offset, `+02:00`. nullopt: it is none.
[[nodiscard]] std::optional<Instant> parseTime(std::string_view text);
[[nodiscard]] std::optional<std::string> printTime(Instant time);

/// `P1DT2H3M4.5S`, with a minus sign in front where it is negative. Years and months, which have no
/// fixed length, are none.
[[nodiscard]] std::optional<Instant> parseDuration(std::string_view text);
[[nodiscard]] std::string printDuration(Instant duration);

namespace detail {

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

}  // namespace detail

/// A point in time or a duration as text.
template <class T>
class IsoSchema : public Codec<IsoSchema<T>, T> {
 public:
  IsoSchema() = default;

  bool write(Writer& writer, const T& value) const {
    if (const std::optional<std::string> text = print(value)) return writer.text(*text);
    return writer.fail(expected, "one out of range");
  }

  bool read(Reader& reader, T& out) const {
    std::string_view text;
    if (!reader.text(text, expected)) return false;
    if (const std::optional<T> value = parse(text)) {
      out = *value;
      return true;
    }
    return reader.fail(std::string(expected), quoted(text));
  }

  Shape shape(Shapes& shapes) const { return shapes.formatted(isTime ? "date-time" : "duration"); }

 private:
  static constexpr bool isTime = detail::isTimePoint<T>;
  static constexpr const char* expected =
      isTime ? "a time as in 2024-02-29T12:00:00.5Z" : "a duration as in PT1M2.5S";

  static std::optional<std::string> print(const T& value) {
    if constexpr (isTime) {
      const auto instant = detail::instantOf(value.time_since_epoch());
      return instant ? printTime(*instant) : std::nullopt;
    } else {
      const auto instant = detail::instantOf(value);
      return instant ? std::optional(printDuration(*instant)) : std::nullopt;
    }
  }

  static std::optional<T> parse(std::string_view text) {
    if constexpr (isTime) {
      const auto instant = parseTime(text);
      if (!instant) return std::nullopt;
      const auto duration = detail::exactly<typename T::duration>(*instant);
      return duration ? std::optional(T(*duration)) : std::nullopt;
    } else {
      const auto instant = parseDuration(text);
      return instant ? detail::exactly<T>(*instant) : std::nullopt;
    }
  }
};

/// A point in time or a duration as a whole number of milliseconds.
template <class T>
class MillisecondsSchema : public Codec<MillisecondsSchema<T>, T> {
 public:
  MillisecondsSchema() = default;

  bool write(Writer& writer, const T& value) const {
    const auto count = toMilliseconds(value);
    if (count) return writer.integer(*count);
    return writer.fail("a whole number of milliseconds", "a part of one");
  }

  bool read(Reader& reader, T& out) const {
    const auto start = reader.rest();
    std::int64_t count = 0;
    if (!reader.integer(count)) return false;
    const auto duration = detail::exactly<Duration>(
        {count / 1000, static_cast<std::int32_t>(count % 1000 * 1'000'000)});
    if (!duration) return reader.fail("milliseconds that fit", reader.since(start));
    out = T(*duration);
    return true;
  }

  Shape shape(Shapes& shapes) const { return integer<std::int64_t>().shape(shapes); }

 private:
  template <class X>
  struct DurationOf {
    using type = X;
  };
  template <class C, class D>
  struct DurationOf<std::chrono::time_point<C, D>> {
    using type = D;
  };
  using Duration = typename DurationOf<T>::type;

  static std::optional<std::int64_t> toMilliseconds(const T& value) {
    std::optional<Instant> instant;
    if constexpr (detail::isTimePoint<T>)
      instant = detail::instantOf(value.time_since_epoch());
    else
      instant = detail::instantOf(value);
    if (!instant) return std::nullopt;
    const auto exact = detail::exactly<std::chrono::duration<std::int64_t, std::milli>>(*instant);
    return exact ? std::optional(exact->count()) : std::nullopt;
  }
};

/// A point in time as ISO 8601 text in UTC, exact to the last digit: `2024-02-29T12:00:00.5Z`.
/// Years 0 to 9999. Text that T cannot hold exactly is an issue.
template <class T = std::chrono::system_clock::time_point>
  requires(detail::isTimePoint<T>)
[[nodiscard]] IsoSchema<T> isoTime() {
  return {};
}

/// A duration as ISO 8601 text: `PT1M2.5S`.
template <class T = std::chrono::milliseconds>
  requires(detail::isDuration<T>)
[[nodiscard]] IsoSchema<T> isoDuration() {
  return {};
}

/// A point in time as milliseconds since 1970 in UTC. One that is not a whole number of them is an
/// issue: nothing is rounded behind your back (`std::chrono::floor` does it in front of it).
template <class T = std::chrono::sys_time<std::chrono::milliseconds>>
  requires(detail::isTimePoint<T>)
[[nodiscard]] MillisecondsSchema<T> millisecondsTime() {
  return {};
}

/// A duration as a whole number of milliseconds.
template <class T = std::chrono::milliseconds>
  requires(detail::isDuration<T>)
[[nodiscard]] MillisecondsSchema<T> millisecondsDuration() {
  return {};
}

}  // namespace persistance::schema
