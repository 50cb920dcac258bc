#pragma once
/// @file
/// One of a few values.

#include <algorithm>
#include <concepts>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <persistance/schema/boolean.hpp>
#include <persistance/schema/detail/choice.hpp>
#include <persistance/schema/json.hpp>
#include <persistance/schema/number.hpp>
#include <persistance/schema/schema.hpp>
#include <persistance/schema/string.hpp>

namespace persistance::schema {

/// One of these values of type A, stored as the schema `S` says.
template <SchemaLike S>
class LiteralSchema : public Codec<LiteralSchema<S>, typename S::Value> {
 public:
  using Value = typename S::Value;

  LiteralSchema(S schema, std::vector<Value> values)
      : schema_(std::move(schema)),
        values_(std::move(values)),
        expected_(detail::choiceOf(encoded())) {}

  bool write(Writer& writer, const Value& value) const {
    const std::size_t start = writer.size();
    if (!schema_.write(writer, value)) return false;
    return isOneOf(value) || writer.fail(expected_, writer.since(start));
  }

  bool read(Reader& reader, Value& out) const {
    const auto start = reader.rest();
    const Report::Point point = reader.report().point();
    if (schema_.read(reader, out) && isOneOf(out)) return true;
    if (reader.broken()) return false;
    reader.report().backTo(point);
    return reader.fail(expected_, reader.since(start));
  }

  Shape shape(Shapes& shapes) const { return shapes.oneOfValues(encoded()); }

 private:
  bool isOneOf(const Value& value) const {
    return std::find(values_.begin(), values_.end(), value) != values_.end();
  }
  std::vector<Unknown> encoded() const {
    std::vector<Unknown> all;
    for (const auto& value : values_) all.push_back(schema_.encode(value));
    return all;
  }

  S schema_;
  std::vector<Value> values_;
  std::string expected_;
};

namespace detail {

template <class... V>
[[nodiscard]] auto literalOf() {
  if constexpr ((std::same_as<V, bool> && ...)) {
    return boolean();
  } else if constexpr ((Integer<V> && ...)) {
    return integer<std::common_type_t<V...>>();
  } else if constexpr ((std::convertible_to<V, std::string> && ...)) {
    return string();
  } else {
    return json();
  }
}

}  // namespace detail

/// Exactly one of these values: `literal("draft", "published")`, `literal(1, 2)`. Text is a
/// std::string, integers are their common type; a mixture is a nlohmann::json.
template <class... V>
[[nodiscard]] auto literal(const V&... values) {
  static_assert(sizeof...(V) > 0, "persistance: literal() needs at least one value");
  auto schema = detail::literalOf<std::decay_t<V>...>();
  using Schema = decltype(schema);
  using Value = typename Schema::Value;
  std::vector<Value> all;
  (all.push_back(static_cast<Value>(values)), ...);
  return LiteralSchema<Schema>(std::move(schema), std::move(all));
}

}  // namespace persistance::schema
