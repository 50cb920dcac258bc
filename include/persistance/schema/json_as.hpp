#pragma once
/// @file
/// Types with a to_json and from_json of their own. Nothing else includes it: whoever does says that
/// such types are stored as they convert, with what that loses on the way.

#include <utility>

#include <nlohmann/json.hpp>

#include <persistance/schema/detail/guard.hpp>
#include <persistance/schema/json.hpp>
#include <persistance/schema/of.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {
namespace detail {

// Found by their arguments only, so not those of nlohmann_json for numbers, enumerations and
// containers of the standard library, which convert without looking whether the value fits.
template <class A>
concept ConvertsItself = requires(nlohmann::json& tree, const nlohmann::json& from, A& value) {
  to_json(tree, std::as_const(value));
  from_json(from, value);
};

// A specialised serializer has functions; the general one has templates, which have no address.
template <class A>
concept HasSerializer = requires {
  &nlohmann::adl_serializer<A>::to_json;
  &nlohmann::adl_serializer<A>::from_json;
};

}  // namespace detail

/// A has to_json and from_json, such as NLOHMANN_DEFINE_TYPE_* writes, or a specialised
/// nlohmann::adl_serializer. Types of the standard library and enumerations have schemas instead.
template <class A>
concept JsonConvertible = detail::ConvertsItself<A> || detail::HasSerializer<A>;

/// A by way of a JSON tree, with its to_json and from_json. An exception of theirs is an issue; it
/// is the only one of its value, since they stop at the first. What they convert without an
/// exception, such as 300 to a std::uint8_t, is taken as it comes out.
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

namespace detail {

template <JsonConvertible A>
struct Converted<A> {
  static auto schema() { return json<A>(); }
};

}  // namespace detail
}  // namespace persistance::schema
