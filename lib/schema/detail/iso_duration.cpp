#include <persistance/schema/detail/iso_duration.hpp>

#include <array>
#include <limits>

#include "schema/detail/scanner.hpp"

namespace persistance::schema::detail {
namespace {

struct Part {
  char unit;
  std::int64_t seconds;
  bool isTime;
};
constexpr std::array<Part, 5> parts = {{{'W', 7 * secondsPerDay, false},
                                        {'D', secondsPerDay, false},
                                        {'H', 3600, true},
                                        {'M', 60, true},
                                        {'S', 1, true}}};

// Adds one part, `3M`, of the units that are still allowed; `next` is the first of those.
bool scanPart(Scanner& scanner, bool isTime, std::size_t& next, Wide& seconds,
              std::int32_t& nanoseconds) {
  std::int64_t number = 0;
  if (!scanner.number(number)) return false;
  const bool fractional = scanner.take('.') || scanner.take(',');
  if (fractional && !scanner.fraction(nanoseconds)) return false;
  for (; next < parts.size(); ++next) {
    const Part& part = parts[next];
    if (part.isTime != isTime || !scanner.take(part.unit)) continue;
    ++next;
    seconds += Wide{number} * part.seconds;
    return !fractional || part.unit == 'S';
  }
  return false;
}

}  // namespace

std::optional<Instant> parseDuration(std::string_view text) {
  Scanner scanner(text);
  const bool negative = scanner.take('-');
  if (!scanner.take('P') || scanner.done()) return std::nullopt;
  Wide seconds = 0;
  std::int32_t nanoseconds = 0;
  std::size_t next = 0;
  bool isTime = false;
  while (!scanner.done()) {
    if (!isTime && scanner.take('T')) {
      isTime = true;
      if (scanner.done()) return std::nullopt;
    }
    if (!scanPart(scanner, isTime, next, seconds, nanoseconds)) return std::nullopt;
  }
  if (negative) {
    seconds = -seconds;
    nanoseconds = -nanoseconds;
  }
  if (seconds < std::numeric_limits<std::int64_t>::min() ||
      seconds > std::numeric_limits<std::int64_t>::max())
    return std::nullopt;
  return Instant{static_cast<std::int64_t>(seconds), nanoseconds};
}

std::string printDuration(Instant duration) {
  const bool negative = duration.seconds < 0 || duration.nanoseconds < 0;
  Wide rest = negative ? -Wide{duration.seconds} : Wide{duration.seconds};
  std::string text = negative ? "-P" : "P";
  const auto append = [&](std::int64_t unit, char name) {
    if (rest / unit > 0) text += toText(rest / unit) + name;
    rest %= unit;
  };
  append(secondsPerDay, 'D');
  const std::size_t dateSize = text.size();
  text += 'T';
  append(3600, 'H');
  append(60, 'M');
  if (rest > 0 || duration.nanoseconds != 0) {
    text += toText(rest);
    appendFraction(text, negative ? -duration.nanoseconds : duration.nanoseconds);
    text += 'S';
  }
  if (text.size() > dateSize + 1) return text;
  return rest == 0 && dateSize <= 2 && text.find('D') == std::string::npos
             ? "PT0S"
             : text.substr(0, dateSize);
}

}  // namespace persistance::schema::detail
