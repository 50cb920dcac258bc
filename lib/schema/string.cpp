#include <persistance/schema/string.hpp>

#include <utility>

#include <persistance/schema/detail/utf8.hpp>

#include "schema/pattern.hpp"

namespace persistance::schema {
namespace {

std::string characters(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " character" : " characters");
}

}  // namespace

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
  copy.pattern_ = std::make_shared<const detail::Pattern>(expression, pattern_);
  copy.limited_ = true;
  return copy;
}

Shape StringSchema::shape(Shapes& shapes) const {
  return shapes.string(min_, max_,
                       pattern_ == nullptr ? std::vector<std::string>() : pattern_->expressions());
}

bool StringSchema::checked(Report& report, std::string_view text) const {
  if (!detail::isUtf8(text)) return true;  // that is an issue of its own
  bool good = true;
  const std::size_t length = detail::codePoints(text);
  if (length < min_) good = report.add("at least " + characters(min_), quoted(text));
  if (length > max_) good = report.add("at most " + characters(max_), quoted(text));
  if (pattern_ != nullptr) good &= pattern_->check(report, text);
  return good;
}

}  // namespace persistance::schema
