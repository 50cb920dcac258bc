#pragma once
/// @file
/// A value that says nothing.

#include <variant>

#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// std::monostate, stored as null. As a field it may be missing.
class NullSchema : public Codec<NullSchema, std::monostate> {
 public:
  NullSchema() = default;

  bool write(Writer& writer, const std::monostate& /*value*/) const { return writer.null(); }
  bool read(Reader& reader, std::monostate& /*out*/) const {
    return reader.null() || reader.mismatch("null");
  }
  Shape shape(Shapes& shapes) const { return shapes.oneOfValues({Unknown()}); }
  bool absent(std::monostate& /*out*/) const noexcept { return true; }
};

[[nodiscard]] inline NullSchema null() { return NullSchema(); }

}  // namespace persistance::schema
