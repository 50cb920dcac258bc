#pragma once
/// @file
/// Points in time and durations as ISO 8601 text.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <persistance/schema/detail/instant.hpp>
#include <persistance/schema/detail/iso_duration.hpp>
#include <persistance/schema/detail/iso_time.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

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
      return instant ? detail::printTime(*instant) : std::nullopt;
    } else {
      const auto instant = detail::instantOf(value);
      return instant ? std::optional(detail::printDuration(*instant)) : std::nullopt;
    }
  }

  static std::optional<T> parse(std::string_view text) {
    if constexpr (isTime) {
      const auto instant = detail::parseTime(text);
      if (!instant) return std::nullopt;
      const auto duration = detail::exactly<typename T::duration>(*instant);
      return duration ? std::optional(T(*duration)) : std::nullopt;
    } else {
      const auto instant = detail::parseDuration(text);
      return instant ? detail::exactly<T>(*instant) : std::nullopt;
    }
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

}  // namespace persistance::schema
