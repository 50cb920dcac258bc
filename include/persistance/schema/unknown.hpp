#pragma once
/// @file
/// Encoded values inside encoded values.

#include <persistance/schema/schema.hpp>
#include <persistance/unknown.hpp>

namespace persistance::schema {

/// Any encoded value, as it is: what a raw store stores. It is checked to be one whole value.
class UnknownSchema : public Codec<UnknownSchema, Unknown> {
 public:
  UnknownSchema() = default;
  bool write(Writer& writer, const Unknown& value) const;
  bool read(Reader& reader, Unknown& out) const;
  Shape shape(Shapes& shapes) const { return shapes.any(); }
};

[[nodiscard]] inline UnknownSchema unknown() { return UnknownSchema(); }

}  // namespace persistance::schema
