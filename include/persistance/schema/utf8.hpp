#pragma once
/// @file
/// UTF-8, with a fast path for text that is all ASCII.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace persistance::schema {

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

/// Copies `size` bytes, in the same pass that tells whether they are all ASCII.
[[nodiscard]] inline bool copyAscii(std::uint8_t* to, const char* text, std::size_t size) noexcept {
  constexpr std::uint64_t high = 0x8080808080808080U;
  std::uint64_t all = 0;
  const auto move = [&]<class Word>(Word word, std::size_t at) {
    std::memcpy(&word, text + at, sizeof word);
    std::memcpy(to + at, &word, sizeof word);
    all |= word;
  };
  if (size >= 8) {
    for (std::size_t at = 0; at + 8 < size; at += 8) move(std::uint64_t{}, at);
    move(std::uint64_t{}, size - 8);  // the last word overlaps the one before: no tail loop
  } else if (size >= 4) {
    move(std::uint32_t{}, 0);
    move(std::uint32_t{}, size - 4);
  } else {
    for (std::size_t at = 0; at < size; ++at) move(std::uint8_t{}, at);
  }
  return (all & high) == 0;
}

[[nodiscard]] inline bool isUtf8(std::string_view text) noexcept {
  return isAscii(text.data(), text.size()) || isUtf8Slow(text);
}

/// The size in bytes of the first character; 0 where none starts.
[[nodiscard]] std::size_t utf8CharacterSize(std::string_view text) noexcept;

/// Unicode code points of valid UTF-8.
[[nodiscard]] std::size_t codePoints(std::string_view text) noexcept;

}  // namespace persistance::schema
