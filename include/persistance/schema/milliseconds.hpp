#pragma once
/// @file
/// Points in time and durations as a number of milliseconds.

#include <chrono>
#include <cstdint>
#include <optional>

#include <persistance/schema/detail/instant.hpp>
#include <persistance/schema/number.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

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
    std::optional<detail::Instant> instant;
    if constexpr (detail::isTimePoint<T>)
      instant = detail::instantOf(value.time_since_epoch());
    else
      instant = detail::instantOf(value);
    if (!instant) return std::nullopt;
    const auto exact = detail::exactly<std::chrono::duration<std::int64_t, std::milli>>(*instant);
    return exact ? std::optional(exact->count()) : std::nullopt;
  }
};

/// A point in time as milliseconds since 1970 in UTC. One that is not a whole number of them is an
/// issue: nothing is rounded silently; std::chrono::floor rounds.
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
