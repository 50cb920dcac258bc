#pragma once
/// @file
/// Reads ISO 8601 text piece by piece, and writes its fractions of a second.

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace persistance::schema::detail {

inline constexpr std::int64_t secondsPerDay = 86400;
inline constexpr std::int32_t perSecond = 1'000'000'000;

/// Reads text from the front; each operation says whether it found what it wanted.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Exactly `width` digits.
  bool digits(std::size_t width, int& out) {
    if (countDigits() < width) return false;
    out = 0;
    for (std::size_t i = 0; i < width; ++i) out = 10 * out + (rest_[i] - '0');
    rest_.remove_prefix(width);
    return true;
  }

  /// As many digits as there are.
  bool number(std::int64_t& out) {
    const std::size_t width = countDigits();
    const auto result = std::from_chars(rest_.data(), rest_.data() + width, out);
    if (width == 0 || result.ec != std::errc()) return false;
    rest_.remove_prefix(width);
    return true;
  }

  /// `.5`: up to nine digits that count, and any number of zeros.
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

/// Appends `.5` for half a second, nothing for none.
void appendFraction(std::string& text, std::int32_t nanoseconds);

}  // namespace persistance::schema::detail
