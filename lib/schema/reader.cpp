#include <persistance/schema/reader.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optional>

#include "schema/head.hpp"
#include "schema/value_text.hpp"

namespace persistance::schema {
void Reader::tooLong() {
  breakOff("at most " + std::to_string(limits_.bytes) + " bytes",
           std::to_string(left()) + " bytes");
}

bool Reader::breakOff(std::string expected, std::string_view actual) {
  if (!broken_) fail(std::move(expected), actual);
  broken_ = true;
  end_ = at_;
  return false;
}

bool Reader::truncated() { return breakOff("a whole value", "the end of the bytes"); }

std::string Reader::since(std::span<const std::uint8_t> start) const {
  return detail::valueText(start.first(start.size() - left()));
}

bool Reader::finishSlow() {
  if (!broken_ && at_ != end_) fail("the end of the value", std::to_string(left()) + " more bytes");
  report_.finish();
  return report_.empty();
}

bool Reader::mismatch(std::string_view expected) {
  if (broken_) return false;
  const std::uint8_t* start = at_;
  if (!skip()) return false;
  return fail(std::string(expected), detail::valueText(std::span(start, at_)));
}

bool Reader::skip() {
  std::array<std::uint64_t, Limits::maxDepth + 1> open;  // values still to come at each level
  std::size_t level = 0;
  open[0] = 1;
  while (true) {
    while (open[level] == 0) {
      if (level == 0) return true;
      --level;
    }
    --open[level];
    const std::optional<detail::Head> head = detail::headOf(std::span(at_, end_));
    if (!head) return at_ == end_ ? truncated() : malformed();
    at_ += head->size;
    if (head->payload > left()) return truncated();
    at_ += head->payload;
    if (head->kind != detail::Kind::array && head->kind != detail::Kind::map) continue;
    const std::uint64_t values = head->kind == detail::Kind::map ? 2 * head->count : head->count;
    if (values > left()) return truncated();
    if (depth_ + level >= limits_.depth) return tooDeep();
    open[++level] = values;
  }
}

bool Reader::malformed() {
  if (*at_ == 0xc1) return breakOff("a MessagePack value", "the byte c1");
  return truncated();  // a header that is cut
}

bool Reader::tooDeep() {
  return breakOff("at most " + std::to_string(limits_.depth) + " levels", "a deeper one");
}

bool Reader::tooMuch() {
  return breakOff("a value that takes at most " + std::to_string(limits_.memoryFactor) +
                      " times its size and " + std::to_string(limits_.memoryBase) +
                      " bytes of memory",
                  "one that takes more");
}

bool Reader::refuse(std::size_t values) {
  if (values > left()) return truncated();
  if (depth_ >= limits_.depth) return tooDeep();
  return breakOff("at most " + std::to_string(limits_.items) + " items", "more");
}

bool Reader::enterSlow(std::size_t& count, bool array, std::string_view expected) {
  const std::optional<detail::Head> head = detail::headOf(std::span(at_, end_));
  if (!head || head->kind != (array ? detail::Kind::array : detail::Kind::map))
    return mismatch(expected);
  count = head->count;
  at_ += head->size - 1;
  return enter(count, array ? count : 2 * count);
}

bool Reader::integerSlow(detail::Wide& out, detail::Wide min, detail::Wide max) {
  const auto expected = [&] {
    return "an integer from " + detail::toText(min) + " to " + detail::toText(max);
  };
  const std::optional<detail::Head> head = detail::headOf(std::span(at_, end_));
  if (!head || head->kind != detail::Kind::integer) return mismatch(expected());
  out = detail::integerOf(*head);
  at_ += head->size;
  return (out >= min && out <= max) || fail(expected(), detail::toText(out));
}

bool Reader::number(double& out) {
  const std::optional<detail::Head> head = detail::headOf(std::span(at_, end_));
  if (!head || (head->kind != detail::Kind::integer && head->kind != detail::Kind::real))
    return mismatch("a number");
  at_ += head->size;
  out =
      head->kind == detail::Kind::real ? head->real : static_cast<double>(detail::integerOf(*head));
  return std::isfinite(out) || fail("a finite number", std::to_string(out));
}

bool Reader::textSlow(std::string_view& out, std::string_view expected) {
  const std::optional<detail::Head> head = detail::headOf(std::span(at_, end_));
  if (!head || head->kind != detail::Kind::text || head->payload > left() - head->size)
    return mismatch(expected);
  out = {reinterpret_cast<const char*>(at_) + head->size, head->payload};
  at_ += head->size + head->payload;
  return detail::isUtf8(out) || fail("valid UTF-8", quoted(out));
}

bool Reader::bytes(std::span<const std::byte>& out) {
  const std::optional<detail::Head> head = detail::headOf(std::span(at_, end_));
  if (!head || head->kind != detail::Kind::bytes || head->payload > left() - head->size)
    return mismatch("bytes");
  out = std::as_bytes(std::span(at_ + head->size, head->payload));
  at_ += head->size + head->payload;
  return true;
}

bool Reader::extension(std::int8_t& type, std::size_t& size) {
  const std::optional<detail::Head> head = detail::headOf(std::span(at_, end_));
  if (!head || head->kind != detail::Kind::extension) return false;
  if (head->payload > left() - head->size) return truncated();
  type = head->type;
  size = head->payload;
  at_ += head->size;
  return true;
}

}  // namespace persistance::schema
