#pragma once
/// @file
/// A fixed number of values, each with a schema of its own, in order.

#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// `Value` is a std::tuple, or something like one, such as a std::pair.
template <class Value_, SchemaLike... S>
class TupleSchema : public Codec<TupleSchema<Value_, S...>, Value_> {
 public:
  using Value = Value_;
  static_assert(std::tuple_size_v<Value> == sizeof...(S));

  explicit TupleSchema(S... schemas) : schemas_(std::move(schemas)...) {}

  bool write(Writer& writer, const Value& value) const { return writeLike(writer, value); }

  /// Writes something that has the same elements, such as a pair with a const first one.
  template <class Like>
  bool writeLike(Writer& writer, const Like& value) const {
    if (!writer.array(sizeof...(S))) return false;
    const bool good = writeAll(writer, value, Indexes());
    writer.leave();
    return good;
  }

  bool read(Reader& reader, Value& out) const {
    const auto start = reader.rest();
    std::size_t count = 0;
    if (!reader.array(count)) return false;
    if (count != sizeof...(S)) return miscounted(reader, start, count);
    const bool good = readAll(reader, out, Indexes());
    if (!reader.broken()) reader.leave();
    return good;
  }

  Shape shape(Shapes& shapes) const {
    const auto all = [&](const S&... schema) {
      return std::vector<Shape>{schema.shape(shapes)...};
    };
    return shapes.tuple(std::apply(all, schemas_));
  }

 private:
  using Indexes = std::index_sequence_for<S...>;

  template <class Like, std::size_t... I>
  bool writeAll(Writer& writer, const Like& value, std::index_sequence<I...>) const {
    bool good = true;
    [[maybe_unused]] const auto writeOne = [&](std::size_t i, const auto& schema,
                                               const auto& element) {
      const std::size_t mark = writer.report().mark();
      if (schema.write(writer, element)) return;
      writer.report().under(mark, i);
      good = false;
    };
    (writeOne(I, std::get<I>(schemas_), std::get<I>(value)), ...);
    return good;
  }

  template <std::size_t... I>
  bool readAll(Reader& reader, Value& out, std::index_sequence<I...>) const {
    bool good = true;
    [[maybe_unused]] const auto readOne = [&](std::size_t i, const auto& schema, auto& element) {
      const std::size_t mark = reader.report().mark();
      if (schema.read(reader, element)) return true;
      reader.report().under(mark, i);
      good = false;
      return !reader.broken();
    };
    (void)(... && readOne(I, std::get<I>(schemas_), std::get<I>(out)));
    return good;
  }

  bool miscounted(Reader& reader, std::span<const std::uint8_t> start, std::size_t count) const {
    reader.leave();
    reader.backTo(start);
    return reader.skip() &&
           reader.fail(std::to_string(sizeof...(S)) + " items", std::to_string(count));
  }

  std::tuple<S...> schemas_;
};

/// A std::tuple.
template <SchemaLike... S>
[[nodiscard]] auto tuple(S... schemas) {
  return TupleSchema<std::tuple<typename S::Value...>, S...>(std::move(schemas)...);
}

/// A std::pair, stored like a tuple of two.
template <SchemaLike First, SchemaLike Second>
[[nodiscard]] auto pair(First first, Second second) {
  return TupleSchema<std::pair<typename First::Value, typename Second::Value>, First, Second>(
      std::move(first), std::move(second));
}

}  // namespace persistance::schema
