#pragma once
/// @file
/// A number of bytes, as options state it.

#include <compare>
#include <cstdint>

namespace persistance {

/// A number of bytes.
class ByteSize {
 public:
  constexpr explicit ByteSize(std::uint64_t bytes) noexcept : bytes_(bytes) {}
  [[nodiscard]] static constexpr ByteSize kibi(std::uint64_t n) noexcept {
    return ByteSize(n << 10);
  }
  [[nodiscard]] static constexpr ByteSize mebi(std::uint64_t n) noexcept {
    return ByteSize(n << 20);
  }
  [[nodiscard]] static constexpr ByteSize gibi(std::uint64_t n) noexcept {
    return ByteSize(n << 30);
  }

  [[nodiscard]] constexpr std::uint64_t bytes() const noexcept { return bytes_; }
  friend constexpr auto operator<=>(ByteSize, ByteSize) = default;

 private:
  std::uint64_t bytes_;
};

}  // namespace persistance
