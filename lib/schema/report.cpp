#include <persistance/schema/report.hpp>

#include <algorithm>

#include <persistance/schema/detail/utf8.hpp>

namespace persistance::schema {
namespace {

constexpr std::size_t maxActual = 80;
constexpr std::string_view ellipsis = "...";
constexpr std::string_view digits = "0123456789abcdef";

// Appends the first character of `text`, printable; gives how many bytes of `text` that was.
std::size_t appendPrintable(std::string& out, std::string_view text) {
  const auto byte = static_cast<unsigned char>(text.front());
  const std::size_t size = detail::utf8CharacterSize(text);
  if (byte == '"' || byte == '\\') {
    out += '\\';
    out += text.front();
  } else if (size == 0 || byte < 0x20 || byte == 0x7f) {
    out += "\\x";
    out += digits[byte >> 4];
    out += digits[byte & 15];
  } else {
    out += text.substr(0, size);
    return size;
  }
  return 1;
}

// RFC 6901: `~` is ~0 and `/` is ~1. A long key keeps its front.
std::string segment(std::string_view key) {
  std::string out = "/";
  const bool cut = key.size() > Report::maxKey;
  if (cut) key = key.substr(0, Report::maxKey);
  while (!key.empty()) {
    const std::size_t size = detail::utf8CharacterSize(key);
    if (size == 0) break;  // cut inside a character
    if (key.front() == '~')
      out += "~0";
    else if (key.front() == '/')
      out += "~1";
    else
      out += key.substr(0, size);
    key.remove_prefix(size);
  }
  if (cut) out += ellipsis;
  return out;
}

void prefix(std::vector<Issue>& issues, std::size_t mark, const std::string& front) {
  for (std::size_t i = mark; i < issues.size(); ++i) issues[i].path.insert(0, front);
}

// `text` cut to maxActual bytes, never inside a character.
std::string shortened(std::string_view text) {
  if (text.size() <= maxActual) return std::string(text);
  std::size_t size = maxActual - ellipsis.size();
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return std::string(text.substr(0, size)) + std::string(ellipsis);
}

std::string_view takeSegment(std::string_view& path) {
  const std::string_view segment = path.substr(0, path.find('/', 1));
  path.remove_prefix(segment.size());
  return segment;
}

// `/2` before `/10`: an index has no leading zeros, so the longer one is the greater.
int comparePaths(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view left = takeSegment(a);
    const std::string_view right = takeSegment(b);
    const auto isIndex = [](std::string_view segment) {
      return segment.find_first_not_of("0123456789", 1) == std::string_view::npos;
    };
    if (left.size() != right.size() && isIndex(left) && isIndex(right))
      return left.size() < right.size() ? -1 : 1;
    if (const int order = left.compare(right); order != 0) return order;
  }
  return static_cast<int>(!a.empty()) - static_cast<int>(!b.empty());
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string out = "\"";
  std::size_t good = 1;  // where to cut when it gets too long
  while (!text.empty()) {
    if (out.size() + ellipsis.size() + 1 <= maxActual) good = out.size();
    text.remove_prefix(appendPrintable(out, text));
    if (out.size() + 1 > maxActual) {
      out.resize(good);
      out += ellipsis;
      break;
    }
  }
  out += '"';
  return out;
}

bool Report::add(std::string expected, std::string_view actual) {
  if (size_ - first_ >= maxIssues) {
    ++dropped_;
  } else {
    issues_->push_back({std::string(), std::move(expected), shortened(actual)});
    size_ = issues_->size();
  }
  return false;
}

void Report::under(std::size_t mark, std::string_view key) {
  if (mark == size_) explainHere();
  if (mark < size_) prefix(*issues_, mark, segment(key));
}

void Report::under(std::size_t mark, std::size_t index) {
  if (mark == size_) explainHere();
  if (mark < size_) prefix(*issues_, mark, std::to_string(index).insert(0, 1, '/'));
}

void Report::explain() {
  if (empty()) explainHere();
}

void Report::explainHere() {
  if (dropped_ == 0 && !ended_) add("a value that its codec accepts", "a refusal without an issue");
}

void Report::backTo(Point point) {
  issues_->resize(point.size);
  size_ = point.size;
  dropped_ = point.dropped;
}

void Report::finish() {
  if (empty()) return;
  std::sort(issues_->begin() + static_cast<std::ptrdiff_t>(first_), issues_->end(),
            [](const Issue& a, const Issue& b) {
              const int order = comparePaths(a.path, b.path);
              return order != 0 ? order < 0 : a.expected < b.expected;
            });
  if (dropped_ == 0) return;
  issues_->push_back({"", "at most " + std::to_string(maxIssues) + " issues",
                      "and " + std::to_string(dropped_) + " more"});
  size_ = issues_->size();
  dropped_ = 0;
}

}  // namespace persistance::schema
