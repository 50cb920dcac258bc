#include "schema/pattern.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 sees uninitialized members in its own <regex> when it builds for the sanitizers.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <locale>
#include <regex>
#include <utility>

#include <persistance/schema/detail/utf8.hpp>

namespace persistance::schema::detail {
namespace {

constexpr std::size_t maxLength = 1024;

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

struct Pattern::Compiled {
  std::wregex regex;
};

Pattern::Pattern(std::string_view expression, std::shared_ptr<const Pattern> next)
    : text_(expression),
      compiled_(std::make_unique<const Compiled>(Compiled{compile(expression)})),
      next_(std::move(next)) {}

Pattern::~Pattern() = default;

bool Pattern::check(Report& report, std::string_view text) const {
  if (const std::size_t length = codePoints(text); length > maxLength)
    return report.add("at most " + std::to_string(maxLength) + " characters to match " + text_,
                      std::to_string(length) + " characters");
  const bool others = next_ == nullptr || next_->check(report, text);
  if (std::regex_search(wide(text), compiled_->regex)) return others;
  return report.add("a string that matches " + text_, quoted(text));
}

std::vector<std::string> Pattern::expressions() const {
  std::vector<std::string> all =
      next_ == nullptr ? std::vector<std::string>() : next_->expressions();
  all.push_back(text_);
  return all;
}

}  // namespace persistance::schema::detail
