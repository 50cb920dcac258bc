#include <persistance/schema/string.hpp>

#include <regex>
#include <utility>

namespace persistance::schema {
namespace {

constexpr std::size_t maxPatternLength = 1024;

std::string characters(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " character" : " characters");
}

// Code points of valid UTF-8, one wide character each.
std::wstring wide(std::string_view text) {
  std::wstring out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = utf8CharacterSize(text);
    if (size == 0) break;
    auto point = static_cast<unsigned char>(text[0]) & (size == 1 ? 0x7fU : 0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i)
      point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
    out += static_cast<wchar_t>(point);
    text.remove_prefix(size);
  }
  return out;
}

// libstdc++ offers a matcher that neither recurses with the text nor takes exponential time.
constexpr auto flags = std::regex::ECMAScript
#ifdef __GLIBCXX__
                       | std::regex_constants::__polynomial
#endif
    ;

std::wregex compile(std::string_view expression) {
  std::wregex regex;
  regex.imbue(std::locale::classic());
  regex.assign(wide(expression), flags);
  return regex;
}

}  // namespace

class Pattern {
 public:
  Pattern(std::string_view expression, std::shared_ptr<const Pattern> next)
      : text_(expression), regex_(compile(expression)), next_(std::move(next)) {}

  [[nodiscard]] bool check(Report& report, std::string_view text) const {
    if (codePoints(text) > maxPatternLength)
      return report.add("at most " + characters(maxPatternLength) + " to match " + text_,
                        characters(codePoints(text)));
    const std::wstring subject = wide(text);
    bool good = next_ == nullptr || next_->check(report, text);
    if (!std::regex_search(subject, regex_))
      good = report.add("a string that matches " + text_, quoted(text));
    return good;
  }

 private:
  std::string text_;
  std::wregex regex_;
  std::shared_ptr<const Pattern> next_;
};

StringSchema StringSchema::minLength(std::size_t codePoints) const {
  StringSchema copy = *this;
  copy.min_ = codePoints;
  copy.limited_ = true;
  return copy;
}

StringSchema StringSchema::maxLength(std::size_t codePoints) const {
  StringSchema copy = *this;
  copy.max_ = codePoints;
  copy.limited_ = true;
  return copy;
}

StringSchema StringSchema::pattern(std::string_view expression) const {
  StringSchema copy = *this;
  copy.pattern_ = std::make_shared<const Pattern>(expression, pattern_);
  copy.limited_ = true;
  return copy;
}

bool StringSchema::checked(Report& report, std::string_view text) const {
  if (!isUtf8(text)) return true;  // that is an issue of its own
  bool good = true;
  const std::size_t length = codePoints(text);
  if (length < min_) good = report.add("at least " + characters(min_), quoted(text));
  if (length > max_) good = report.add("at most " + characters(max_), quoted(text));
  if (pattern_ != nullptr) good &= pattern_->check(report, text);
  return good;
}

}  // namespace persistance::schema
