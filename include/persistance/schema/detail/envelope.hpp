#pragma once
/// @file
/// The envelope of a versioned value: the version, and the value in the form of that version.

#include <cstddef>
#include <cstdint>
#include <span>

#include <persistance/schema/reader.hpp>
#include <persistance/schema/writer.hpp>

namespace persistance::schema::detail {

/// The extension type of a value that carries its version; see the grammar in writer.hpp.
inline constexpr std::int8_t versionExtension = 1;

/// The envelope of a versioned value, apart from its type.
class Envelope {
 public:
  /// Starts one; `close` with what it gave ends it.
  [[nodiscard]] static std::size_t open(Writer& writer, std::uint32_t version);
  static bool close(Writer& writer, std::size_t start);

  /// Whether one may be next: an extension value is.
  [[nodiscard]] static bool isNext(const Reader& reader) noexcept {
    return (reader.peek() >= 0xc7 && reader.peek() <= 0xc9) ||
           (reader.peek() >= 0xd4 && reader.peek() <= 0xd8);
  }

  /// Takes the front of an envelope if one is next: then `version` says which, and `end` how much
  /// of the input is left behind it. None is next: true, with version 0.
  [[nodiscard]] static bool enter(Reader& reader, std::uint32_t& version, std::size_t& end);
  /// Leaves it: nothing may be left over.
  [[nodiscard]] static bool leave(Reader& reader, std::size_t end);

  /// @par Errors  std::invalid_argument: there is no such version, or it is not in the list.
  static void check(std::uint32_t oldest, std::uint32_t newest, std::uint32_t unversioned);

  /// The value in an envelope; where there is none, all of it.
  [[nodiscard]] static std::span<const std::byte> contentOf(std::span<const std::byte> bytes);

  /// Skips the value in an envelope of a version that nobody here knows. Always false.
  static bool refuse(Reader& reader, std::uint32_t version, std::size_t end, std::uint32_t oldest,
                     std::uint32_t newest);
};

}  // namespace persistance::schema::detail
