#pragma once
/// @file
/// true and false.

#include <persistance/schema/schema.hpp>

namespace persistance::schema {

class BooleanSchema : public Codec<BooleanSchema, bool> {
 public:
  BooleanSchema() = default;
  bool write(Writer& writer, const bool& value) const { return writer.boolean(value); }
  bool read(Reader& reader, bool& out) const { return reader.boolean(out); }
  Shape shape(Shapes& shapes) const { return shapes.boolean(); }
};

[[nodiscard]] inline BooleanSchema boolean() { return BooleanSchema(); }

}  // namespace persistance::schema
