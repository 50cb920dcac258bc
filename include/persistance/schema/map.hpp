#pragma once
/// @file
/// Values under keys: an object where the keys are text, else an array of pairs.

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <persistance/schema/detail/misuse.hpp>
#include <persistance/schema/detail/pairs.hpp>
#include <persistance/schema/detail/room.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// `Container` is a std::map or std::unordered_map from std::string, or like one. A key that comes
/// twice is an issue.
template <class Container, SchemaLike S>
class MapSchema : public Codec<MapSchema<Container, S>, Container> {
 public:
  static_assert(std::is_same_v<typename Container::mapped_type, typename S::Value>,
                "persistance: the schema given to map() is not of the map's mapped type");

  explicit MapSchema(S schema) : schema_(std::move(schema)) {}

  bool write(Writer& writer, const Container& value) const {
    if (!writer.map(value.size())) return false;
    writer.made(value.size(), detail::nodeSize<typename Container::value_type>);
    bool good = true;
    std::size_t mark = writer.report().mark();
    for (const auto& [key, element] : value) {
      if (writer.over()) break;
      good &= writer.text(key);
      mark = writer.report().mark();
      if (schema_.write(writer, element)) continue;
      good = false;
      writer.report().under(mark, key);
    }
    writer.leave();
    return good;
  }

  bool read(Reader& reader, Container& out) const {
    std::size_t count = 0;
    if (!reader.map(count) || !reader.make(count, detail::nodeSize<typename Container::value_type>))
      return false;
    bool good = true;
    out.clear();
    for (; count > 0; --count) {
      good &= readPair(reader, out);
      if (reader.broken()) return false;
    }
    reader.leave();
    return good;
  }

  Shape shape(Shapes& shapes) const { return shapes.map(schema_.shape(shapes)); }

 private:
  bool readPair(Reader& reader, Container& out) const {
    (void)detail::NoDefaultConstructor<typename S::Value>{};
    std::string_view key;
    if (!reader.text(key, "a text key")) return !reader.broken() && (reader.skip(), false);
    const std::size_t mark = reader.report().mark();
    const auto [place, fresh] = out.try_emplace(std::string(key));
    if (fresh && schema_.read(reader, place->second)) return true;
    if (fresh) {
      out.erase(place);
    } else {
      reader.mismatch("one entry of this key");
    }
    reader.report().under(mark, key);
    return false;
  }

  S schema_;
};

template <SchemaLike S>
[[nodiscard]] auto map(S schema) {
  return MapSchema<std::map<std::string, typename S::Value>, S>(std::move(schema));
}

/// `map<std::unordered_map<std::string, int>>(integer<int>())`.
template <class Container, SchemaLike S>
[[nodiscard]] auto map(S schema) {
  return MapSchema<Container, S>(std::move(schema));
}

/// `map(integer<int>(), string())`: a std::map, as an array of pairs.
template <SchemaLike K, SchemaLike V>
[[nodiscard]] auto map(K key, V value) {
  return detail::PairsSchema<std::map<typename K::Value, typename V::Value>, K, V>(
      std::move(key), std::move(value));
}

/// `map<std::unordered_map<int, std::string>>(integer<int>(), string())`.
template <class Container, SchemaLike K, SchemaLike V>
[[nodiscard]] auto map(K key, V value) {
  return detail::PairsSchema<Container, K, V>(std::move(key), std::move(value));
}

}  // namespace persistance::schema
