#pragma once
/// @file
/// Values of which each comes once, or as often as the container allows.

#include <cstddef>
#include <set>
#include <utility>

#include <persistance/schema/detail/misuse.hpp>
#include <persistance/schema/detail/room.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// `Container` is a std::set, std::unordered_set, or one of their multi kinds: an array, in the
/// order of the container. An item that comes twice where it may not is an issue.
template <class Container, SchemaLike S>
class SetSchema : public Codec<SetSchema<Container, S>, Container> {
 public:
  using Element = typename S::Value;

  explicit SetSchema(S schema) : schema_(std::move(schema)) {}

  bool write(Writer& writer, const Container& value) const {
    if (!writer.array(value.size())) return false;
    writer.made(value.size(), detail::nodeSize<Element>);
    bool good = true;
    std::size_t index = 0;
    for (const Element& element : value) {
      if (writer.over()) break;
      const std::size_t mark = writer.report().mark();
      if (!schema_.write(writer, element)) {
        writer.report().under(mark, index);
        good = false;
      }
      ++index;
    }
    writer.leave();
    return good;
  }

  bool read(Reader& reader, Container& out) const {
    std::size_t count = 0;
    if (!reader.array(count) || !reader.make(count, detail::nodeSize<Element>)) return false;
    bool good = true;
    out.clear();
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t mark = reader.report().mark();
      if (readItem(reader, out)) continue;
      reader.report().under(mark, i);
      good = false;
      if (reader.broken()) return false;
    }
    reader.leave();
    return good;
  }

  Shape shape(Shapes& shapes) const {
    return shapes.array(schema_.shape(shapes), 0, Shapes::unbounded);
  }

 private:
  bool readItem(Reader& reader, Container& out) const {
    (void)detail::NoDefaultConstructor<Element>{};
    Element element{};
    const auto start = reader.rest();
    if (!schema_.read(reader, element)) return false;
    if (detail::inserted(out.insert(std::move(element)))) return true;
    return reader.fail("an item that has not come before", reader.since(start));
  }

  S schema_;
};

/// A std::set.
template <SchemaLike S>
[[nodiscard]] auto set(S schema) {
  return SetSchema<std::set<typename S::Value>, S>(std::move(schema));
}

/// `set<std::unordered_set<int>>(integer<int>())`.
template <class Container, SchemaLike S>
[[nodiscard]] auto set(S schema) {
  return SetSchema<Container, S>(std::move(schema));
}

}  // namespace persistance::schema
