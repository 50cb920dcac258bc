#pragma once
/// @file
/// JSON trees, and types that nlohmann::json converts.

#include <nlohmann/json.hpp>

#include <persistance/schema/detail/guard.hpp>
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

/// A has to_json and from_json, such as NLOHMANN_DEFINE_TYPE_* writes.
template <class A>
concept JsonConvertible = requires(nlohmann::json& tree, const nlohmann::json& from, A& value) {
  nlohmann::adl_serializer<A>::to_json(tree, std::as_const(value));
  nlohmann::adl_serializer<A>::from_json(from, value);
};

/// A by way of a JSON tree, with its to_json and from_json. An exception of theirs is an issue; it
/// is the only one of its value, since they stop at the first.
template <JsonConvertible A>
class JsonAsSchema : public Codec<JsonAsSchema<A>, A> {
 public:
  JsonAsSchema() = default;

  bool write(Writer& writer, const A& value) const {
    nlohmann::json tree;
    return detail::guarded(writer.report(), "a value that converts to JSON",
                           [&] {
                             nlohmann::adl_serializer<A>::to_json(tree, value);
                             return true;
                           }) &&
           json().write(writer, tree);
  }

  bool read(Reader& reader, A& out) const {
    nlohmann::json tree;
    return json().read(reader, tree) && detail::guarded(reader.report(), "JSON that converts", [&] {
             nlohmann::adl_serializer<A>::from_json(std::as_const(tree), out);
             return true;
           });
  }

  Shape shape(Shapes& shapes) const { return shapes.any(); }
};

template <JsonConvertible A>
[[nodiscard]] JsonAsSchema<A> json() {
  return {};
}

}  // namespace persistance::schema
