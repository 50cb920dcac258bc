#pragma once
/// @file
/// Days of the calendar.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <persistance/schema/detail/iso_time.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// A std::chrono::year_month_day as ISO 8601 text, `2024-02-29`. Years 0 to 9999. A day that the
/// calendar does not have is an issue.
class DateSchema : public Codec<DateSchema, std::chrono::year_month_day> {
 public:
  DateSchema() = default;

  bool write(Writer& writer, const std::chrono::year_month_day& value) const {
    const std::optional<std::string> text = detail::printDate(value);
    return text ? writer.text(*text) : writer.fail(expected, "one that the calendar does not have");
  }
  bool read(Reader& reader, std::chrono::year_month_day& out) const {
    std::string_view text;
    if (!reader.text(text, expected)) return false;
    const std::optional<std::chrono::year_month_day> date = detail::parseDate(text);
    if (!date) return reader.fail(expected, quoted(text));
    out = *date;
    return true;
  }
  Shape shape(Shapes& shapes) const { return shapes.formatted("date"); }

 private:
  static constexpr const char* expected = "a day as in 2024-02-29";
};

[[nodiscard]] inline DateSchema date() { return DateSchema(); }

}  // namespace persistance::schema
