#pragma once
/// @file
/// Which of the 16384 hash slots a key belongs to (Redis Cluster specification).

#include <cstdint>
#include <string_view>

namespace persistance::backing::redis {

inline constexpr unsigned slotCount = 16384;

/// CRC16/XMODEM of `text`, going on from the one of what stands before it.
[[nodiscard]] std::uint16_t crc16(std::string_view text, std::uint16_t before = 0) noexcept;

/// As CLUSTER KEYSLOT says: CRC16 of the text in the first braces, where that is not empty; else
/// of the whole key.
[[nodiscard]] std::uint16_t keySlot(std::string_view key) noexcept;

}  // namespace persistance::backing::redis
