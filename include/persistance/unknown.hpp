#pragma once
/// @file
/// An encoded value.

#include <cstddef>
#include <memory>
#include <span>

#include <nlohmann/json_fwd.hpp>

namespace persistance {

/// An encoded value: MessagePack bytes that say themselves what they are. Backings move it and
/// never look into it. Immutable; a copy shares the bytes and costs one reference count.
///
/// @par Threads  Any number of copies in any number of threads.
class Unknown {
 public:
  /// A stored null, which is a value like any other.
  Unknown() noexcept = default;

  /// Encodes a JSON value, so a raw store is usable as it is: `co_await raw.set("k", json)`.
  /// @par Errors  PersistanceSchemaError ("encode"): NaN or infinity, invalid UTF-8, depth over 64.
  Unknown(const nlohmann::json& value);  // NOLINT(google-explicit-constructor): a value is a value

  /// Takes over encoded bytes as they are: one allocation and one copy. They are checked when they
  /// are decoded, not here.
  [[nodiscard]] static Unknown fromBytes(std::span<const std::byte> bytes);

  /// The encoded bytes; valid as long as this or any copy of it lives.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept;

  /// Decodes into a JSON tree.
  /// @par Errors  PersistanceSchemaError ("decode"): the bytes are not one whole MessagePack value,
  ///              are nested deeper than 64, or hold what JSON does not have.
  [[nodiscard]] nlohmann::json json() const;

  /// The same bytes.
  friend bool operator==(const Unknown& a, const Unknown& b) noexcept;

 private:
  std::shared_ptr<const std::byte[]> bytes_;
  std::size_t size_ = 0;
};

}  // namespace persistance
