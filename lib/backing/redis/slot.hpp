#pragma once
/// @file
/// Which of the 16384 hash slots a key belongs to (Redis Cluster specification).

#include <cstdint>
#include <string_view>

namespace persistance::redis {

inline constexpr unsigned slotCount = 16384;

/// As CLUSTER KEYSLOT says: CRC16 of the text in the first braces, where that is not empty; else
/// of the whole key.
[[nodiscard]] std::uint16_t keySlot(std::string_view key) noexcept;

}  // namespace persistance::redis
