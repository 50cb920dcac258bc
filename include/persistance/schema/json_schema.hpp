#pragma once
/// @file
/// JSON Schema, draft 2020-12.

#include <nlohmann/json.hpp>

#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// The schema for those who are not written in C++: draft 2020-12.
///
/// It says yes to the JSON values that `schema` decodes, as far as JSON Schema can tell: a refined
/// schema carries what it asks for as a description only, bytes have no JSON form at all, and 3.0
/// is an integer there but not here.
template <SchemaLike S>
[[nodiscard]] nlohmann::json jsonSchema(const S& schema) {
  Shapes shapes;
  const Shape root = schema.shape(shapes);
  return shapes.document(root);
}

}  // namespace persistance::schema
