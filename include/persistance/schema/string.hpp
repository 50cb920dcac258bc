#pragma once
/// @file
/// Text.

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include <persistance/schema/schema.hpp>

namespace persistance::schema {

namespace detail {
class Pattern;
}  // namespace detail

/// UTF-8 text. Lengths count Unicode code points, as JSON Schema does.
class StringSchema : public Codec<StringSchema, std::string> {
 public:
  StringSchema() = default;

  [[nodiscard]] StringSchema nonEmpty() const { return minLength(1); }
  [[nodiscard]] StringSchema minLength(std::size_t codePoints) const;
  [[nodiscard]] StringSchema maxLength(std::size_t codePoints) const;

  /// The text has to contain a match of this ECMAScript regular expression (anchor it with ^ and $
  /// to match the whole). Several patterns all have to match. Characters are Unicode code points.
  /// Text of more than 1024 code points is refused where a pattern is asked for: matching is
  /// polynomial in the length, not exponential, but not linear either.
  /// @par Errors  std::regex_error, here and not later, when the expression is malformed or uses
  ///              back-references.
  [[nodiscard]] StringSchema pattern(std::string_view expression) const;

  bool write(Writer& writer, const std::string& value) const {
    return (!limited_ || checked(writer.report(), value)) && writer.text(value);
  }
  bool read(Reader& reader, std::string& out) const {
    std::string_view text;
    if (!reader.text(text)) return false;
    if (limited_ && !checked(reader.report(), text)) return false;
    out = std::string(text);  // cheaper than assign() into a fresh string, which is the usual one
    return true;
  }

  Shape shape(Shapes& shapes) const;

 private:
  bool checked(Report& report, std::string_view text) const;

  bool limited_ = false;
  std::size_t min_ = 0;
  std::size_t max_ = std::numeric_limits<std::size_t>::max();
  std::shared_ptr<const detail::Pattern> pattern_;  // a list: the newest first
};

[[nodiscard]] inline StringSchema string() { return StringSchema(); }

}  // namespace persistance::schema
