#include <persistance/schema/time.hpp>

#include <array>
#include <charconv>
#include <cstdio>

namespace persistance::schema {
namespace {

constexpr std::int64_t secondsPerDay = 86400;
constexpr std::int32_t perSecond = 1'000'000'000;

// Reads text from the front; each operation says whether it found what it wanted.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Exactly `width` digits.
  bool digits(std::size_t width, int& out) {
    if (countDigits() < width) return false;
    out = 0;
    for (std::size_t i = 0; i < width; ++i) out = 10 * out + (rest_[i] - '0');
    rest_.remove_prefix(width);
    return true;
  }

  // As many digits as there are.
  bool number(std::int64_t& out) {
    const std::size_t width = countDigits();
    const auto result = std::from_chars(rest_.data(), rest_.data() + width, out);
    if (width == 0 || result.ec != std::errc()) return false;
    rest_.remove_prefix(width);
    return true;
  }

  // `.5`: up to nine digits that count, and any number of zeros.
  bool fraction(std::int32_t& nanoseconds) {
    const std::size_t width = countDigits();
    if (width == 0) return false;
    std::int32_t unit = perSecond;
    for (std::size_t i = 0; i < width; ++i) {
      unit /= 10;
      if (unit == 0 && rest_[i] != '0') return false;
      nanoseconds += (rest_[i] - '0') * unit;
    }
    rest_.remove_prefix(width);
    return true;
  }

  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  [[nodiscard]] std::size_t countDigits() const {
    std::size_t count = 0;
    while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') ++count;
    return count;
  }

  std::string_view rest_;
};

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

// Appends `.5` for half a second, nothing for none.
void appendFraction(std::string& text, std::int32_t nanoseconds) {
  if (nanoseconds == 0) return;
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), ".%09d", nanoseconds);
  text += buffer.data();
  while (text.back() == '0') text.pop_back();
}

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

std::optional<Instant> parseTime(std::string_view text) {
  Scanner scanner(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  Instant time;
  std::int64_t offset = 0;
  const bool scanned = scanner.digits(4, year) && scanner.take('-') && scanner.digits(2, month) &&
                       scanner.take('-') && scanner.digits(2, day) && scanner.take('T') &&
                       scanner.digits(2, hour) && scanner.take(':') && scanner.digits(2, minute) &&
                       scanner.take(':') && scanner.digits(2, second) &&
                       (!scanner.take('.') || scanner.fraction(time.nanoseconds)) &&
                       scanOffset(scanner, offset) && scanner.done();
  if (!scanned || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  time.seconds = days * secondsPerDay + hour * 3600 + minute * 60 + second - offset;
  return time;
}

std::optional<std::string> printTime(Instant time) {
  if (time.nanoseconds < 0) {
    time.nanoseconds += perSecond;
    --time.seconds;
  }
  const std::int64_t ofDay = ((time.seconds % secondsPerDay) + secondsPerDay) % secondsPerDay;
  const std::int64_t days = (time.seconds - ofDay) / secondsPerDay;
  constexpr std::int64_t firstDay = -719528;  // 0000-01-01
  constexpr std::int64_t lastDay = 2932896;   // 9999-12-31
  if (days < firstDay || days > lastDay) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(static_cast<int>(days)))};
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(ofDay / 3600),
                static_cast<int>(ofDay / 60 % 60), static_cast<int>(ofDay % 60));
  std::string text = buffer.data();
  appendFraction(text, time.nanoseconds);
  return text + 'Z';
}

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
  if (seconds > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(seconds);
  return negative ? Instant{-whole, -nanoseconds} : Instant{whole, nanoseconds};
}

std::string printDuration(Instant duration) {
  const bool negative = duration.seconds < 0 || duration.nanoseconds < 0;
  Wide rest = negative ? -Wide{duration.seconds} : Wide{duration.seconds};
  std::string text = negative ? "-P" : "P";
  const auto append = [&](std::int64_t unit, char name) {
    if (rest / unit > 0) text += toString(rest / unit) + name;
    rest %= unit;
  };
  append(secondsPerDay, 'D');
  const std::size_t dateSize = text.size();
  text += 'T';
  append(3600, 'H');
  append(60, 'M');
  if (rest > 0 || duration.nanoseconds != 0) {
    text += toString(rest);
    appendFraction(text, negative ? -duration.nanoseconds : duration.nanoseconds);
    text += 'S';
  }
  if (text.size() > dateSize + 1) return text;
  return rest == 0 && dateSize <= 2 && text.find('D') == std::string::npos
             ? "PT0S"
             : text.substr(0, dateSize);
}

}  // namespace persistance::schema
