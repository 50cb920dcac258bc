#pragma once
/// @file
/// Maps whose keys are not text.

#include <cstddef>
#include <type_traits>
#include <utility>

#include <persistance/schema/detail/misuse.hpp>
#include <persistance/schema/detail/room.hpp>
#include <persistance/schema/schema.hpp>
#include <persistance/schema/tuple.hpp>

namespace persistance::schema::detail {

/// A map as an array of pairs `[key, value]`. A key that comes twice is an issue, but in a multimap.
template <class Container, SchemaLike K, SchemaLike V>
class PairsSchema : public Codec<PairsSchema<Container, K, V>, Container> {
 public:
  using Pair = std::pair<typename K::Value, typename V::Value>;
  static_assert(std::is_same_v<typename Container::key_type, typename K::Value> &&
                    std::is_same_v<typename Container::mapped_type, typename V::Value>,
                "persistance: the schemas given to map() are not of the map's key and value types");

  PairsSchema(K key, V value) : pair_(std::move(key), std::move(value)) {}

  bool write(Writer& writer, const Container& value) const {
    if (!writer.array(value.size())) return false;
    writer.made(value.size(), nodeSize<Pair>);
    bool good = true;
    std::size_t index = 0;
    for (const auto& element : value) {
      if (writer.over()) break;
      const std::size_t mark = writer.report().mark();
      if (!pair_.writeLike(writer, element)) {
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
    if (!reader.array(count) || !reader.make(count, nodeSize<Pair>)) return false;
    bool good = true;
    out.clear();
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t mark = reader.report().mark();
      if (readPair(reader, out)) continue;
      reader.report().under(mark, i);
      good = false;
      if (reader.broken()) return false;
    }
    reader.leave();
    return good;
  }

  Shape shape(Shapes& shapes) const {
    return shapes.array(pair_.shape(shapes), 0, Shapes::unbounded);
  }

 private:
  bool readPair(Reader& reader, Container& out) const {
    (void)NoDefaultConstructor<typename K::Value>{};
    (void)NoDefaultConstructor<typename V::Value>{};
    Pair pair;
    const auto start = reader.rest();
    if (!pair_.read(reader, pair)) return false;
    if (inserted(out.emplace(std::move(pair.first), std::move(pair.second)))) return true;
    return reader.fail("a key that has not come before", reader.since(start));
  }

  TupleSchema<Pair, K, V> pair_;
};

}  // namespace persistance::schema::detail
