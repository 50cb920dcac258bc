#include <persistance/schema/detail/utf8.hpp>

namespace persistance::schema::detail {
namespace {

struct Lead {
  std::size_t size;    // bytes of the character; 0: no character starts like this
  unsigned char low;   // what its second byte may be: this is what rules out overlong forms,
  unsigned char high;  // surrogates and what is above U+10FFFF
};

constexpr Lead leadOf(unsigned char byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xc2) return {0, 0, 0};
  if (byte < 0xe0) return {2, 0x80, 0xbf};
  if (byte == 0xe0) return {3, 0xa0, 0xbf};
  if (byte == 0xed) return {3, 0x80, 0x9f};
  if (byte < 0xf0) return {3, 0x80, 0xbf};
  if (byte == 0xf0) return {4, 0x90, 0xbf};
  if (byte < 0xf4) return {4, 0x80, 0xbf};
  if (byte == 0xf4) return {4, 0x80, 0x8f};
  return {0, 0, 0};
}

}  // namespace

std::size_t utf8CharacterSize(std::string_view text) noexcept {
  const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.empty()) return 0;
  const Lead lead = leadOf(at(0));
  if (lead.size < 2) return lead.size;
  if (text.size() < lead.size || at(1) < lead.low || at(1) > lead.high) return 0;
  for (std::size_t i = 2; i < lead.size; ++i)
    if ((at(i) & 0xc0) != 0x80) return 0;
  return lead.size;
}

bool isUtf8Slow(std::string_view text) noexcept {
  while (!text.empty()) {
    if (text.size() >= 16 && isAscii(text.data(), 16)) {
      text.remove_prefix(16);
      continue;
    }
    const std::size_t size = utf8CharacterSize(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::size_t codePoints(std::string_view text) noexcept {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

}  // namespace persistance::schema::detail
