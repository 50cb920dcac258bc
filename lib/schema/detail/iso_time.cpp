#include <persistance/schema/detail/iso_time.hpp>

#include <array>
#include <chrono>
#include <cstdio>

#include "schema/detail/scanner.hpp"

namespace persistance::schema::detail {
namespace {

bool scanOffset(Scanner& scanner, std::int64_t& seconds) {
  if (scanner.take('Z')) return true;
  const bool ahead = scanner.take('+');
  if (!ahead && !scanner.take('-')) return false;
  int hours = 0;
  int minutes = 0;
  if (!scanner.digits(2, hours) || !scanner.take(':') || !scanner.digits(2, minutes)) return false;
  if (hours > 23 || minutes > 59) return false;
  seconds = (ahead ? 1 : -1) * (hours * 3600 + minutes * 60);
  return true;
}

std::optional<std::chrono::year_month_day> scanDate(Scanner& scanner) {
  int year = 0, month = 0, day = 0;
  if (!scanner.digits(4, year) || !scanner.take('-') || !scanner.digits(2, month) ||
      !scanner.take('-') || !scanner.digits(2, day))
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  return date.ok() ? std::optional(date) : std::nullopt;
}

}  // namespace

std::optional<std::chrono::year_month_day> parseDate(std::string_view text) {
  Scanner scanner(text);
  const auto date = scanDate(scanner);
  return scanner.done() ? date : std::nullopt;
}

std::optional<std::string> printDate(const std::chrono::year_month_day& date) {
  const int year = static_cast<int>(date.year());
  if (!date.ok() || year < 0 || year > 9999) return std::nullopt;
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u", year,
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return buffer.data();
}

std::optional<Instant> parseTime(std::string_view text) {
  Scanner scanner(text);
  int hour = 0, minute = 0, second = 0;
  Instant time;
  std::int64_t offset = 0;
  const auto date = scanDate(scanner);
  const bool scanned = date && scanner.take('T') && scanner.digits(2, hour) && scanner.take(':') &&
                       scanner.digits(2, minute) && scanner.take(':') &&
                       scanner.digits(2, second) &&
                       (!scanner.take('.') || scanner.fraction(time.nanoseconds)) &&
                       scanOffset(scanner, offset) && scanner.done();
  if (!scanned || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(*date).time_since_epoch().count();
  time.seconds = days * secondsPerDay + hour * 3600 + minute * 60 + second - offset;
  return time;
}

std::optional<std::string> printTime(Instant time) {
  constexpr std::int64_t first = -719528 * secondsPerDay;  // 0000-01-01
  constexpr std::int64_t end = 2932897 * secondsPerDay;    // 10000-01-01
  // Far from the ends of the integer, before anything is subtracted.
  if (time.seconds < first || time.seconds > end) return std::nullopt;
  if (time.nanoseconds < 0) {
    time.nanoseconds += perSecond;
    --time.seconds;
  }
  if (time.seconds < first || time.seconds >= end) return std::nullopt;
  const std::int64_t ofDay = ((time.seconds % secondsPerDay) + secondsPerDay) % secondsPerDay;
  const std::int64_t days = (time.seconds - ofDay) / secondsPerDay;
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(static_cast<int>(days)))};
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "T%02d:%02d:%02d", static_cast<int>(ofDay / 3600),
                static_cast<int>(ofDay / 60 % 60), static_cast<int>(ofDay % 60));
  std::string text = printDate(date).value_or("") + buffer.data();
  appendFraction(text, time.nanoseconds);
  return text + 'Z';
}

}  // namespace persistance::schema::detail
