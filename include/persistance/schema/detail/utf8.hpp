#pragma once
/// @file
/// UTF-8, with a fast path for text that is all ASCII.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace persistance::schema::detail {

/// The checked path: no overlong form, no surrogate, nothing above U+10FFFF. NUL is a character.
[[nodiscard]] bool isUtf8Slow(std::string_view text) noexcept;

[[nodiscard]] inline bool isAscii(const char* text, std::size_t size) noexcept {
  constexpr std::uint64_t high = 0x8080808080808080U;
  const auto word = [text](std::size_t at) {
    std::uint64_t bits;
    std::memcpy(&bits, text + at, 8);
    return bits;
  };
  const auto half = [text](std::size_t at) {
    std::uint32_t bits;
    std::memcpy(&bits, text + at, 4);
    return bits;
  };
  if (size >= 8) {
    std::uint64_t all = word(size - 8);  // the last word overlaps the one before: no tail loop
    for (std::size_t at = 0; at + 8 < size; at += 8) all |= word(at);
    return (all & high) == 0;
  }
  if (size >= 4) return ((half(0) | half(size - 4)) & std::uint32_t{0x80808080U}) == 0;
  return size == 0 || ((text[0] | text[size / 2] | text[size - 1]) & 0x80) == 0;
}

/// Copies at most 32 bytes and says whether they are all ASCII: one load serves both, and there is
/// no call for a few bytes.
[[nodiscard]] inline bool copyAscii(std::uint8_t* to, const char* from, std::size_t size) noexcept {
  constexpr std::uint64_t high = 0x8080808080808080U;
  const auto move = [&](auto word, std::size_t at) {
    std::memcpy(&word, from + at, sizeof word);
    std::memcpy(to + at, &word, sizeof word);
    return std::uint64_t{word};
  };
  // Two words from either end overlap in the middle, so no size needs a loop.
  if (size >= 8) {
    constexpr std::uint64_t word = 0;
    std::uint64_t all = move(word, 0) | move(word, size - 8);
    if (size > 16) all |= move(word, 8) | move(word, size - 16);
    return (all & high) == 0;
  }
  if (size >= 4) {
    constexpr std::uint32_t word = 0;
    return ((move(word, 0) | move(word, size - 4)) & high) == 0;
  }
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < size; ++i) all |= move(std::uint8_t{0}, i);
  return (all & high) == 0;
}

[[nodiscard]] inline bool isUtf8(std::string_view text) noexcept {
  return isAscii(text.data(), text.size()) || isUtf8Slow(text);
}

/// The size in bytes of the first character; 0 where none starts.
[[nodiscard]] std::size_t utf8CharacterSize(std::string_view text) noexcept;

/// Unicode code points of valid UTF-8.
[[nodiscard]] std::size_t codePoints(std::string_view text) noexcept;

}  // namespace persistance::schema::detail
