#pragma once
/// @file
/// One of several types, told apart by what is stored.

#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <persistance/schema/detail/misuse.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// A std::variant, stored as the alternative that it holds is: read as the first alternative that
/// takes what is stored. So a value that an earlier alternative would take is an issue when it is
/// written: it would come back as another one.
template <SchemaLike... S>
class UntaggedSchema : public Codec<UntaggedSchema<S...>, std::variant<typename S::Value...>> {
 public:
  using Value = std::variant<typename S::Value...>;

  explicit UntaggedSchema(S... schemas) : schemas_(std::move(schemas)...) {}

  bool write(Writer& writer, const Value& value) const {
    if (value.valueless_by_exception()) return writer.fail("a value", "nothing");
    return writeAt(writer, value, Indexes());
  }

  bool read(Reader& reader, Value& out) const { return readAny(reader, out, Indexes()); }

  Shape shape(Shapes& shapes) const {
    const auto all = [&](const S&... schema) {
      return std::vector<Shape>{schema.shape(shapes)...};
    };
    return shapes.anyOf(std::apply(all, schemas_));
  }

 private:
  using Indexes = std::index_sequence_for<S...>;

  template <std::size_t... I>
  bool writeAt(Writer& writer, const Value& value, std::index_sequence<I...>) const {
    bool good = false;
    (void)(... || (value.index() == I && (good = writeOne<I>(writer, value), true)));
    return good;
  }

  template <std::size_t I>
  bool writeOne(Writer& writer, const Value& value) const {
    const std::size_t start = writer.size();
    if (!std::get<I>(schemas_).write(writer, *std::get_if<I>(&value)) || writer.over())
      return false;
    if (!earlierTakes(writer, start, std::make_index_sequence<I>())) return true;
    return writer.fail("a value that no earlier alternative takes", writer.since(start));
  }

  template <std::size_t... I>
  bool earlierTakes(const Writer& writer, [[maybe_unused]] std::size_t start,
                    std::index_sequence<I...>) const {
    return (false || ... || takes<I>(writer, start));
  }

  template <std::size_t I>
  bool takes(const Writer& writer, std::size_t start) const {
    (void)detail::NoDefaultConstructor<std::variant_alternative_t<I, Value>>{};
    std::vector<Issue> issues;
    std::variant_alternative_t<I, Value> probe{};
    return decode(std::get<I>(schemas_), writer.written().subspan(start), probe, issues,
                  writer.limits());
  }

  template <std::size_t... I>
  bool readAny(Reader& reader, Value& out, std::index_sequence<I...>) const {
    const Reader::Point start = reader.point();
    bool done = false;
    if ((... || (done = readOne<I>(reader, out), done || reader.broken())) && done) return true;
    if (reader.broken()) return false;
    reader.backTo(start);
    return reader.mismatch("one of " + std::to_string(sizeof...(S)) + " forms");
  }

  template <std::size_t I>
  bool readOne(Reader& reader, Value& out) const {
    const Reader::Point start = reader.point();
    if (out.index() != I) out.template emplace<I>();
    if (std::get<I>(schemas_).read(reader, *std::get_if<I>(&out))) return true;
    if (!reader.broken()) reader.backTo(start);
    return false;
  }

  std::tuple<S...> schemas_;
};

/// `untagged(integer<int>(), string(), null())`: a std::variant<int, std::string, std::monostate>.
template <SchemaLike... S>
[[nodiscard]] UntaggedSchema<S...> untagged(S... schemas) {
  static_assert(sizeof...(S) > 0, "persistance: untagged() needs at least one alternative");
  return UntaggedSchema<S...>(std::move(schemas)...);
}

}  // namespace persistance::schema
