#pragma once
/// @file
/// A fixed number of values of one schema.

#include <array>
#include <cstddef>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>

#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// `A` is a std::array, or an array of C as a member: an array of exactly as many items.
template <class A, SchemaLike S>
class FixedArraySchema : public Codec<FixedArraySchema<A, S>, A> {
 public:
  explicit FixedArraySchema(S schema) : schema_(std::move(schema)) {}

  bool write(Writer& writer, const A& value) const {
    if (!writer.array(std::size(value))) return false;
    bool good = true;
    for (std::size_t i = 0; i < std::size(value) && !writer.over(); ++i) {
      const std::size_t mark = writer.report().mark();
      if (schema_.write(writer, value[i])) continue;
      writer.report().under(mark, i);
      good = false;
    }
    writer.leave();
    return good;
  }

  bool read(Reader& reader, A& out) const {
    const auto start = reader.rest();
    std::size_t count = 0;
    if (!reader.array(count)) return false;
    if (count != std::size(out)) return miscounted(reader, start, count, std::size(out));
    bool good = true;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t mark = reader.report().mark();
      if (schema_.read(reader, out[i])) continue;
      reader.report().under(mark, i);
      good = false;
      if (reader.broken()) return false;
    }
    reader.leave();
    return good;
  }

  Shape shape(Shapes& shapes) const {
    return shapes.array(schema_.shape(shapes), count(), count());
  }

 private:
  static constexpr std::size_t count() {
    if constexpr (std::is_array_v<A>)
      return std::extent_v<A>;
    else
      return std::tuple_size_v<A>;
  }

  static bool miscounted(Reader& reader, std::span<const std::uint8_t> start, std::size_t found,
                         std::size_t wanted) {
    reader.leave();
    reader.backTo(start);
    return reader.skip() && reader.fail(std::to_string(wanted) + " items", std::to_string(found));
  }

  S schema_;
};

/// `fixedArray<std::array<int, 3>>(integer<int>())`.
template <class A, SchemaLike S>
[[nodiscard]] FixedArraySchema<A, S> fixedArray(S schema) {
  return FixedArraySchema<A, S>(std::move(schema));
}

}  // namespace persistance::schema
