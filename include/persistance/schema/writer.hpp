#pragma once
/// @file
/// Writes encoded values.
///
/// The stored bytes, format 1. A subset of MessagePack; DO NOT RENUMBER: values of every released
/// format are read for ever (`test/golden/`).
///
///     value   := null | boolean | integer | real | text | bytes | array | map | envelope
///     null    := c0
///     boolean := c2 | c3                              false, true
///     integer := 00..7f                               0 to 127
///              | e0..ff                               -32 to -1
///              | cc u8 | cd u16 | ce u32 | cf u64     other non-negative ones, the shortest that fits
///              | d0 i8 | d1 i16 | d2 i32 | d3 i64     other negative ones, the shortest that fits
///     real    := ca f32 | cb f64                      of a float, of a double; never NaN or infinity
///     text    := (a0..bf | d9 u8 | da u16 | db u32) utf8...         length in bytes
///     bytes   := (c4 u8 | c5 u16 | c6 u32) byte...
///              | c9 u32 02 subtype byte...            of a JSON tree that gives them a subtype
///     array   := (90..9f | dc u16 | dd u32) value...                count of values
///     map     := (80..8f | de u16 | df u32) (text value)...         count of pairs
///     envelope:= c9 u32 01 version value              extension of type 1; u32 counts what follows 01
///     version := integer                              from 1 on
///     subtype := integer                              from 0 on
///
/// Numbers are big-endian. The reader takes every width that MessagePack allows for a value, not
/// only the shortest.

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include <persistance/schema/detail/utf8.hpp>
#include <persistance/schema/limits.hpp>
#include <persistance/schema/report.hpp>
#include <persistance/unknown.hpp>

namespace persistance::schema {

/// The number of the grammar above.
inline constexpr int formatVersion = 1;

/// Writes one value: a small one into the writer itself, a larger one into a buffer that the thread
/// keeps for the next.
///
/// Every operation gives false when it could not write; the reason is in `report()`, or, where the
/// value is larger than its limit, will be there after `finish()`. A writer that has failed may go
/// on, to find the other issues too; what it wrote is dropped.
class Writer {
 public:
  explicit Writer(std::vector<Issue>& issues, const Limits& limits = Limits()) noexcept
      : begin_(small_),
        at_(small_),
        end_(small_ + std::min(sizeof small_, limits.bytes)),
        report_(issues),
        limits_(limits) {
    limits_.depth = std::min(limits_.depth, Limits::maxDepth);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() {
    if (begin_ != small_) giveBack();
  }

  bool null() { return one(0xc0); }
  bool boolean(bool value) { return one(value ? 0xc3 : 0xc2); }

  template <std::integral T>
    requires(!std::same_as<T, bool> && sizeof(T) <= 8)
  bool integer(T value) {
    if (value >= 0 && value <= T{0x7f}) return one(static_cast<std::uint8_t>(value));
    if constexpr (std::is_signed_v<T>) {
      if (value < 0) return negative(value);
    }
    return positive(static_cast<std::uint64_t>(value));
  }

  /// A float is stored in 5 bytes, a double in 9. NaN and infinity are issues.
  bool number(float value);
  bool number(double value);

  /// Invalid UTF-8 is an issue.
  bool text(std::string_view value) {
    if (value.size() > 31 || end_ - at_ < 32 ||
        !detail::copyAscii(at_ + 1, value.data(), value.size()))
      return textSlow(value);
    *at_ = static_cast<std::uint8_t>(0xa0U | value.size());
    at_ += 1 + value.size();
    return true;
  }

  bool bytes(std::span<const std::byte> value);

  /// Starts an array of `count` values, or a map of `count` pairs. On true, `leave()` ends it.
  bool array(std::size_t count) { return enter(count, 0x90, 0xdc); }
  bool map(std::size_t count) { return enter(count, 0x80, 0xde); }
  void leave() noexcept { --depth_; }

  /// Bytes that are encoded already, such as a field's key.
  bool encoded(const char* data, std::size_t size) {
    if (!reserve(size)) return false;
    copy(data, size);
    return true;
  }

  /// Reading what is written now makes `count` times `size` bytes of memory, beside the value itself.
  void made(std::size_t count, std::size_t size) noexcept { made_ += count * size; }

  /// Starts an extension value whose size is not known yet; it starts at `size()`.
  bool extension32(std::int8_t type);
  /// Ends the one that started at `start`.
  bool closeExtension32(std::size_t start);

  /// Containers around the place that is being written.
  [[nodiscard]] std::size_t depth() const noexcept { return depth_; }
  [[nodiscard]] const Limits& limits() const noexcept { return limits_; }

  /// True once the value has outgrown its limit: there is no point in going on.
  [[nodiscard]] bool over() const noexcept { return over_; }

  /// How much is written, and what.
  [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - begin_); }
  [[nodiscard]] std::uint8_t byteAt(std::size_t index) const noexcept { return begin_[index]; }
  [[nodiscard]] std::span<const std::byte> written() const noexcept {
    return std::as_bytes(std::span(begin_, size()));
  }

  /// The value that was written from `start` on, for an issue's `actual`.
  [[nodiscard]] std::string since(std::size_t start) const;

  [[nodiscard]] Report& report() noexcept { return report_; }
  [[gnu::cold, gnu::noinline]] bool fail(std::string expected, std::string_view actual) {
    return report_.add(std::move(expected), actual);
  }

  /// The value was refused; if nobody said why, that is the issue.
  [[gnu::cold]] void refused() {
    if (!over_) report_.explain();
  }

  /// The value in a block of its own; null when there are issues.
  [[nodiscard]] Unknown finish();

 private:
  bool reserve(std::size_t size) {
    return static_cast<std::size_t>(end_ - at_) >= size || grow(size);
  }
  void put(std::uint8_t byte) noexcept { *at_++ = byte; }
  void copy(const void* data, std::size_t size) noexcept {
    if (size > 0) std::memcpy(at_, data, size);  // of nothing there may be no address
    at_ += size;
  }
  bool one(std::uint8_t byte) {
    if (!reserve(1)) return false;
    put(byte);
    return true;
  }
  bool enter(std::size_t count, std::uint8_t small, std::uint8_t wide) {
    if (depth_ >= limits_.depth || count > 15 || !reserve(1)) return enterSlow(count, small, wide);
    put(static_cast<std::uint8_t>(small | count));
    ++depth_;
    items_ += count;
    return true;
  }
  template <class T>
  void bigEndian(T value) noexcept {
    for (std::size_t i = sizeof(T); i-- > 0;) put(static_cast<std::uint8_t>(value >> (8 * i)));
  }

  bool grow(std::size_t size);
  void giveBack() noexcept;
  void giveUp() noexcept;
  bool enterSlow(std::size_t count, std::uint8_t small, std::uint8_t wide);
  bool positive(std::uint64_t value);
  bool negative(std::int64_t value);
  bool textSlow(std::string_view value);
  bool header(std::size_t size, std::uint8_t one, std::uint8_t two, std::uint8_t four);

  std::uint8_t* begin_;  // small_, or the block that `buffer_` holds
  std::uint8_t* at_;
  std::uint8_t* end_;  // where a limit or the block ends
  std::size_t depth_ = 0;
  std::size_t items_ = 0;
  std::size_t made_ = 0;
  bool over_ = false;
  Report report_;
  Limits limits_;
  std::unique_ptr<std::uint8_t[]> buffer_;
  std::size_t capacity_ = 0;  // of buffer_
  std::uint8_t small_[512];
};

}  // namespace persistance::schema
