#pragma once
/// @file
/// Bytes.

#include <cstddef>
#include <vector>

#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// Bytes, stored as they are. Text is not bytes, and bytes are not text.
class BytesSchema : public Codec<BytesSchema, std::vector<std::byte>> {
 public:
  BytesSchema() = default;

  bool write(Writer& writer, const std::vector<std::byte>& value) const {
    return writer.bytes(value);
  }
  bool read(Reader& reader, std::vector<std::byte>& out) const {
    std::span<const std::byte> found;
    if (!reader.bytes(found)) return false;
    out.assign(found.begin(), found.end());
    return true;
  }
  Shape shape(Shapes& shapes) const { return shapes.bytes(); }
};

[[nodiscard]] inline BytesSchema bytes() { return BytesSchema(); }

}  // namespace persistance::schema
