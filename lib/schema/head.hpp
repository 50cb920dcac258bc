#pragma once
/// @file
/// What a stored value is, read from its first bytes.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <persistance/schema/detail/number_text.hpp>

namespace persistance::schema::detail {

enum class Kind { null, boolean, integer, real, text, bytes, array, map, extension };

struct Head {
  Kind kind = Kind::null;
  std::size_t size = 1;     // bytes before the payload, a scalar's own among them
  std::size_t payload = 0;  // bytes of a text, of bytes, of an extension
  std::uint64_t count = 0;  // items of an array, pairs of a map
  std::uint64_t bits = 0;   // of an integer; two's complement where it is negative
  bool negative = false;
  bool truth = false;
  double real = 0;
  std::int8_t type = 0;  // of an extension
};

/// nullopt: no value starts like this, or the header itself is cut. The payload is not checked.
[[nodiscard]] std::optional<Head> headOf(std::span<const std::uint8_t> bytes) noexcept;

[[nodiscard]] inline Wide integerOf(const Head& head) noexcept {
  return head.negative ? Wide{static_cast<std::int64_t>(head.bits)} : Wide{head.bits};
}

}  // namespace persistance::schema::detail
