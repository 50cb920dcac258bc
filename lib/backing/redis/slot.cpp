#include "backing/redis/slot.hpp"

#include <array>

namespace persistance::backing::redis {
namespace {

/// CRC16/XMODEM: polynomial 0x1021, no reflection, initial value 0.
constexpr std::array<std::uint16_t, 256> makeTable() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    unsigned crc = byte << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
    table[byte] = static_cast<std::uint16_t>(crc);
  }
  return table;
}

constexpr auto crcTable = makeTable();

std::string_view hashed(std::string_view key) noexcept {
  const auto open = key.find('{');
  if (open == std::string_view::npos) return key;
  const auto close = key.find('}', open + 1);
  if (close == std::string_view::npos || close == open + 1) return key;
  return key.substr(open + 1, close - open - 1);
}

}  // namespace

std::uint16_t crc16(std::string_view text, std::uint16_t before) noexcept {
  unsigned crc = before;
  for (const char c : text) {
    crc = ((crc << 8) ^ crcTable[((crc >> 8) ^ static_cast<unsigned char>(c)) & 0xff]) & 0xffff;
  }
  return static_cast<std::uint16_t>(crc);
}

std::uint16_t keySlot(std::string_view key) noexcept {
  return static_cast<std::uint16_t>(crc16(hashed(key)) % slotCount);
}

}  // namespace persistance::backing::redis
