#pragma once
/// @file
/// The name of a field, encoded once.

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <persistance/schema/issue.hpp>

namespace persistance::schema::detail {

/// @par Errors  std::invalid_argument: there is a NUL in it, so it is a buffer and no literal.
void checkLiteral(std::string_view name);

/// A name whose length is known at compile time, so that comparing it is a few machine words.
template <std::size_t N>
class LiteralKey {
 public:
  static_assert(N <= 0xff, "persistance: a field's name is at most 255 bytes long");

  explicit LiteralKey(const char (&name)[N + 1]) : LiteralKey(std::string_view(name, N)) {
    checkLiteral(this->name());
  }
  /// Of `N` bytes.
  explicit LiteralKey(std::string_view name) {
    if constexpr (N > 31) bytes_[0] = static_cast<char>(0xd9);
    bytes_[header - 1] = static_cast<char>(N > 31 ? N : 0xa0 | N);
    std::copy_n(name.begin(), N, bytes_.begin() + header);
  }

  /// Becomes one that no stored key is equal to; its name stays.
  void neverMatch() noexcept { bytes_[0] = static_cast<char>(0xc1); }

  [[nodiscard]] const char* data() const noexcept { return bytes_.data(); }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return header + N; }
  [[nodiscard]] std::string_view name() const noexcept { return {bytes_.data() + header, N}; }

 private:
  static constexpr std::size_t header = N > 31 ? 2 : 1;
  std::array<char, header + N> bytes_;
};

/// A name that is made at run time.
class DynamicKey {
 public:
  explicit DynamicKey(std::string_view name);

  /// Becomes one that no stored key is equal to; its name stays.
  void neverMatch() noexcept { bytes_[0] = static_cast<char>(0xc1); }

  [[nodiscard]] const char* data() const noexcept { return bytes_.data(); }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
  [[nodiscard]] std::string_view name() const noexcept {
    return std::string_view(bytes_).substr(header_);
  }

 private:
  std::string bytes_;
  std::size_t header_;
};

/// @par Errors  std::invalid_argument, always: says what is wrong with the default of this field.
[[noreturn]] void refuseDefault(std::string_view name, const std::vector<Issue>& issues);

/// @par Errors  std::invalid_argument: a name that is picked is none of the fields'.
void refuseUnknown(const std::vector<std::string_view>& names,
                   const std::vector<std::string_view>& fields);

/// @par Errors  std::invalid_argument: a name comes twice.
void refuseRepeats(std::vector<std::string_view> names);

}  // namespace persistance::schema::detail
