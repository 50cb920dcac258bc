#include "schema/head.hpp"

#include <bit>
#include <cstddef>

namespace persistance::schema::detail {
namespace {

using Bytes = std::span<const std::uint8_t>;

std::uint64_t bigEndian(Bytes bytes, std::size_t width) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8 | bytes[1 + i];
  return value;
}

std::optional<Head> unsignedHead(Bytes bytes, std::size_t width) noexcept {
  return Head{.kind = Kind::integer, .size = 1 + width, .bits = bigEndian(bytes, width)};
}

std::optional<Head> signedHead(Bytes bytes, std::size_t width) noexcept {
  const auto shift = static_cast<int>(64 - 8 * width);
  const auto value = static_cast<std::int64_t>(bigEndian(bytes, width) << shift) >> shift;
  return Head{.kind = Kind::integer,
              .size = 1 + width,
              .bits = static_cast<std::uint64_t>(value),
              .negative = value < 0};
}

std::optional<Head> realHead(Bytes bytes, std::size_t width) noexcept {
  const std::uint64_t bits = bigEndian(bytes, width);
  const double real = width == 4 ? double{std::bit_cast<float>(static_cast<std::uint32_t>(bits))}
                                 : std::bit_cast<double>(bits);
  return Head{.kind = Kind::real, .size = 1 + width, .real = real};
}

std::optional<Head> sized(Bytes bytes, Kind kind, std::size_t width) noexcept {
  return Head{.kind = kind,
              .size = 1 + width,
              .payload = static_cast<std::size_t>(bigEndian(bytes, width))};
}

std::optional<Head> counted(Bytes bytes, Kind kind, std::size_t width) noexcept {
  return Head{.kind = kind, .size = 1 + width, .count = bigEndian(bytes, width)};
}

std::optional<Head> extended(Bytes bytes, std::size_t width) noexcept {
  return Head{.kind = Kind::extension,
              .size = 2 + width,
              .payload = static_cast<std::size_t>(bigEndian(bytes, width)),
              .type = static_cast<std::int8_t>(bytes[1 + width])};
}

std::optional<Head> fixedExtension(Bytes bytes, std::size_t payload) noexcept {
  return Head{.kind = Kind::extension,
              .size = 2,
              .payload = payload,
              .type = static_cast<std::int8_t>(bytes[1])};
}

std::optional<Head> shortHead(std::uint8_t byte) noexcept {
  if (byte <= 0x7f) return Head{.kind = Kind::integer, .bits = byte};
  if (byte <= 0x8f) return Head{.kind = Kind::map, .count = byte & 0x0fU};
  if (byte <= 0x9f) return Head{.kind = Kind::array, .count = byte & 0x0fU};
  if (byte <= 0xbf) return Head{.kind = Kind::text, .payload = byte & 0x1fU};
  const auto value = static_cast<std::int64_t>(static_cast<std::int8_t>(byte));
  return Head{.kind = Kind::integer, .bits = static_cast<std::uint64_t>(value), .negative = true};
}

// Bytes that follow the first one before the payload, for c0 to df.
constexpr std::uint8_t headerBytes[32] = {0, 0, 0, 0, 1, 2, 4, 2, 3, 5, 4, 8, 1, 2, 4, 8,
                                          1, 2, 4, 8, 1, 1, 1, 1, 1, 1, 2, 4, 2, 4, 2, 4};

}  // namespace

std::optional<Head> headOf(Bytes bytes) noexcept {
  if (bytes.empty()) return std::nullopt;
  const std::uint8_t byte = bytes[0];
  if (byte < 0xc0 || byte >= 0xe0) return shortHead(byte);
  if (bytes.size() <= headerBytes[byte - 0xc0]) return std::nullopt;
  switch (byte) {
    case 0xc0: return Head{.kind = Kind::null};
    case 0xc2:
    case 0xc3: return Head{.kind = Kind::boolean, .truth = byte == 0xc3};
    case 0xc4:
    case 0xc5:
    case 0xc6: return sized(bytes, Kind::bytes, std::size_t{1} << (byte - 0xc4));
    case 0xc7:
    case 0xc8:
    case 0xc9: return extended(bytes, std::size_t{1} << (byte - 0xc7));
    case 0xca:
    case 0xcb: return realHead(bytes, std::size_t{4} << (byte - 0xca));
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf: return unsignedHead(bytes, std::size_t{1} << (byte - 0xcc));
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3: return signedHead(bytes, std::size_t{1} << (byte - 0xd0));
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8: return fixedExtension(bytes, std::size_t{1} << (byte - 0xd4));
    case 0xd9:
    case 0xda:
    case 0xdb: return sized(bytes, Kind::text, std::size_t{1} << (byte - 0xd9));
    case 0xdc:
    case 0xdd: return counted(bytes, Kind::array, std::size_t{2} << (byte - 0xdc));
    case 0xde:
    case 0xdf: return counted(bytes, Kind::map, std::size_t{2} << (byte - 0xde));
    default: return std::nullopt;  // c1
  }
}

}  // namespace persistance::schema::detail
