#pragma once
/// @file
/// Reads encoded values (the grammar is in writer.hpp) and trusts nothing.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <persistance/schema/detail/number_text.hpp>
#include <persistance/schema/detail/utf8.hpp>
#include <persistance/schema/limits.hpp>
#include <persistance/schema/report.hpp>

namespace persistance::schema {

/// Reads one value from its bytes, front to back.
///
/// Every operation gives false when the next value is not what was asked for; the issue is in
/// `report()`, and **the reader stands behind that value**, so that the caller can go on and find
/// the other issues too. Only when `broken()` (the bytes end too early, are not MessagePack, or are
/// over a limit) is there nothing more to read. Views that it gives point into the input.
class Reader {
 public:
  Reader(std::span<const std::byte> bytes, std::vector<Issue>& issues,
         const Limits& limits = Limits())
      : at_(reinterpret_cast<const std::uint8_t*>(bytes.data())),
        end_(at_ + bytes.size()),
        items_(limits.items),
        memory_(limits.memory(bytes.size())),
        report_(issues),
        limits_(limits) {
    limits_.depth = std::min(limits_.depth, Limits::maxDepth);
    if (bytes.size() > limits_.bytes) tooLong();
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /// Takes a null if one is next; false without an issue if not.
  bool null() noexcept { return one(0xc0); }

  bool boolean(bool& out) {
    if (at_ == end_ || (*at_ & 0xfe) != 0xc2) return mismatch("a boolean");
    out = *at_++ == 0xc3;
    return true;
  }

  /// An integer of any stored width, from `min` to `max`; exact or an issue.
  template <std::integral T>
    requires(!std::same_as<T, bool> && sizeof(T) <= 8)
  bool integer(T& out, T min = std::numeric_limits<T>::min(),
               T max = std::numeric_limits<T>::max()) {
    if (at_ != end_ && *at_ < 0x80) {
      const auto value = static_cast<T>(*at_);
      if (value >= min && value <= max) {
        ++at_;
        out = value;
        return true;
      }
    }
    detail::Wide wide = 0;
    if (!integerSlow(wide, min, max)) return false;
    out = static_cast<T>(wide);
    return true;
  }

  /// A finite number; integers too, as in JSON.
  bool number(double& out);

  /// Valid UTF-8, or an issue.
  bool text(std::string_view& out, std::string_view expected = "a string") {
    if (at_ != end_ && (*at_ & 0xe0) == 0xa0) {
      const std::size_t size = *at_ & 0x1fU;
      const char* data = reinterpret_cast<const char*>(at_) + 1;
      if (size < left() && detail::isAscii(data, size)) {
        at_ += size + 1;
        out = {data, size};
        return true;
      }
    }
    return textSlow(out, expected);
  }

  bool bytes(std::span<const std::byte>& out);

  /// Enters an array, or a map of `count` pairs. On true, `leave()` after its last value. The count
  /// has been checked against what is left of the input: each item has at least one byte.
  bool array(std::size_t& count, std::string_view expected = "an array") {
    if (at_ == end_ || (*at_ & 0xf0) != 0x90) return enterSlow(count, true, expected);
    count = *at_ & 0x0fU;
    return enter(count, count);
  }
  bool map(std::size_t& count, std::string_view expected = "an object") {
    if (at_ == end_ || (*at_ & 0xf0) != 0x80) return enterSlow(count, false, expected);
    count = *at_ & 0x0fU;
    return enter(count, 2 * count);
  }
  void leave() noexcept { --depth_; }

  /// Asks for `count` times `size` bytes of memory, for what is about to be read, beside the value
  /// itself. False: that is over the limit, and there is nothing more to read.
  bool make(std::size_t count, std::size_t size) {
    const std::size_t bytes = count * size;  // a stored count has 32 bits
    if (bytes > memory_) return tooMuch();
    memory_ -= bytes;
    return true;
  }

  /// Takes these encoded bytes if they come next, such as a field's key.
  // Inline, so that a key whose length is known is compared as a few machine words.
  [[gnu::always_inline]] bool take(const char* data, std::size_t size) noexcept {
    if (left() < size || std::memcmp(at_, data, size) != 0) return false;
    at_ += size;
    return true;
  }

  /// Takes the header of an extension value if one is next.
  bool extension(std::int8_t& type, std::size_t& size);

  /// Takes the next value, whatever it is, without looking at it more than it must.
  bool skip();

  /// Skips the next value and says what it is instead of `expected`. Always false.
  [[gnu::cold]] bool mismatch(std::string_view expected);

  /// Adds an issue for a value that has been read already. Always false.
  [[gnu::cold, gnu::noinline]] bool fail(std::string expected, std::string_view actual) {
    return report_.add(std::move(expected), actual);
  }

  /// Gives up: there is nothing more to read. Always false.
  bool breakOff(std::string expected, std::string_view actual);

  [[nodiscard]] bool broken() const noexcept { return broken_; }
  [[nodiscard]] Report& report() noexcept { return report_; }
  [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }

  /// The first byte of the next value: says its kind. 0xc1, which is no value, at the end.
  [[nodiscard]] std::uint8_t peek() const noexcept { return at_ == end_ ? 0xc1 : *at_; }

  /// What is left of the input.
  [[nodiscard]] std::span<const std::uint8_t> rest() const noexcept { return {at_, end_}; }

  /// Goes back to where the input was `start`, to read it in another way. Not when `broken()`.
  void backTo(std::span<const std::uint8_t> start) noexcept { at_ = start.data(); }

  /// Where things stand, to go back to and read the same value in another way.
  struct Point {
    std::span<const std::uint8_t> rest;
    Report::Point report;
  };
  [[nodiscard]] Point point() const noexcept { return {rest(), report_.point()}; }
  void backTo(const Point& point) {
    backTo(point.rest);
    report_.backTo(point.report);
  }

  /// The value that was read since the input was `start`, for an issue's `actual`.
  [[nodiscard]] std::string since(std::span<const std::uint8_t> start) const;

  /// The value was refused; if nobody said why, that is the issue.
  [[gnu::cold]] void refused() { report_.explain(); }

  /// Ends the read: what is left over is an issue. True when there were none at all.
  bool finish() { return (at_ == end_ && report_.empty()) || finishSlow(); }

 private:
  bool one(std::uint8_t byte) noexcept {
    if (at_ == end_ || *at_ != byte) return false;
    ++at_;
    return true;
  }
  bool enter(std::size_t items, std::size_t values) {
    ++at_;
    if (depth_ >= limits_.depth || values > left() || items > items_) return refuse(values);
    ++depth_;
    items_ -= items;
    return true;
  }

  bool integerSlow(detail::Wide& out, detail::Wide min, detail::Wide max);
  bool textSlow(std::string_view& out, std::string_view expected);
  bool enterSlow(std::size_t& count, bool array, std::string_view expected);
  bool refuse(std::size_t values);
  bool finishSlow();
  void tooLong();
  bool truncated();
  bool malformed();
  bool tooDeep();
  bool tooMuch();

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  std::size_t depth_ = 0;
  std::size_t items_;
  std::size_t memory_;  // what may still be made
  bool broken_ = false;
  Report report_;
  Limits limits_;
};

}  // namespace persistance::schema
