#pragma once
/// What a stored value is, read from its first bytes.

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <persistance/schema/reader.hpp>

namespace persistance::schema {

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

/// A whole value for a human: `null`, `true`, `3.9`, `"text"`, `an array of 3 items`.
[[nodiscard]] std::string describe(std::span<const std::uint8_t> value);

}  // namespace persistance::schema
