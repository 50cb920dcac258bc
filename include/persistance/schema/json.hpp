#pragma once
/// @file
/// JSON trees.

#include <nlohmann/json.hpp>

#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// Any JSON value; binary values too. Reading and writing stop at the depth limit: no recursion of
/// nlohmann's own ever sees what comes from a store.
class JsonTreeSchema : public Codec<JsonTreeSchema, nlohmann::json> {
 public:
  JsonTreeSchema() = default;
  bool write(Writer& writer, const nlohmann::json& value) const;
  bool read(Reader& reader, nlohmann::json& out) const;
  Shape shape(Shapes& shapes) const { return shapes.any(); }
};

[[nodiscard]] inline JsonTreeSchema json() { return JsonTreeSchema(); }

}  // namespace persistance::schema
