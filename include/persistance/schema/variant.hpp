#pragma once
/// @file
/// One of several values, told apart by a tag.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <persistance/schema/detail/envelope.hpp>
#include <persistance/schema/detail/key.hpp>
#include <persistance/schema/detail/record.hpp>
#include <persistance/schema/detail/tags.hpp>
#include <persistance/schema/field.hpp>
#include <persistance/schema/lazy.hpp>
#include <persistance/schema/object.hpp>
#include <persistance/schema/of.hpp>
#include <persistance/schema/schema.hpp>
#include <persistance/schema/versioned.hpp>

namespace persistance::schema {

/// One alternative: the name that stands in the tag, and a schema of records.
template <RecordLike Record>
struct Alternative {
  Alternative(std::string name_, Record record_)
      : name(std::move(name_)), record(std::move(record_)) {}

  std::string name;
  Record record;
};

namespace detail {

/// The record itself, as the one member of it.
template <class A>
struct WholeValue {
  using Record = A;
  using Value = A;

  template <class R>
  R& operator()(R& record) const noexcept {
    return record;
  }
};

/// Something that is no record, as a record with a field `value`.
template <SchemaLike S>
[[nodiscard]] auto boxed(S schema) {
  using A = typename S::Value;
  using Box = Field<LiteralKey<5>, WholeValue<A>, S>;
  return ObjectSchema<A, Box>(Box(LiteralKey<5>("value"), WholeValue<A>(), std::move(schema)));
}

template <class S>
inline constexpr bool isObject = false;
template <class T, class... Fields>
inline constexpr bool isObject<ObjectSchema<T, Fields...>> = true;

template <class S>
inline constexpr bool isHandle = false;
template <class A>
inline constexpr bool isHandle<Schema<A>> = true;
template <class S>
inline constexpr bool isHandle<LazySchema<S>> = true;

template <class S>
inline constexpr bool isVersioned = false;
template <class S, class... Migrations>
inline constexpr bool isVersioned<VersionedSchema<S, Migrations...>> = true;

}  // namespace detail

/// A std::variant of the alternatives' types, in their order.
template <class... Records>
class VariantSchema
    : public Codec<VariantSchema<Records...>, std::variant<typename Records::Value...>> {
 public:
  using Value = std::variant<typename Records::Value...>;

  VariantSchema(std::string_view tag, Alternative<Records>... alternatives)
      : tags_(tag, {alternatives.name...}), records_(std::move(alternatives.record)...) {
    const auto clash = [&](const Records&... record) { return (record.hasField(tag) || ...); };
    if (std::apply(clash, records_))
      throw std::invalid_argument("persistance: an alternative has a field named like the tag");
  }

  bool write(Writer& writer, const Value& value) const {
    if (value.valueless_by_exception()) return writer.fail("a value", "nothing");
    return writeAt(writer, value, Indexes());
  }

  bool read(Reader& reader, Value& out) const {
    Place place{.start = reader.rest()};
    if ((false || ... || detail::isVersioned<Records>) && detail::Envelope::isNext(reader)) {
      if (!tags_.readInside(reader, place.index)) return false;
    } else if (!reader.map(place.count) ||
               !tags_.read(reader, place.count, place.index, place.tagTaken)) {
      return false;
    } else {
      place.entered = true;
    }
    return readAt(reader, out, place, Indexes());
  }

  Shape shape(Shapes& shapes) const {
    const auto all = [&](const Records&... record) {
      return std::vector<Shape>{record.shape(shapes)...};
    };
    return shapes.tagged(std::string(tags_.tag()), tags_.names(), std::apply(all, records_));
  }

 private:
  // Where the fields of an alternative are.
  struct Place {
    std::span<const std::uint8_t> start;
    std::size_t index = 0;
    std::size_t count = 0;
    bool tagTaken = false;
    bool entered = false;  // the reader stands in its map, with `count` pairs to read
  };

  using Indexes = std::index_sequence_for<Records...>;

  template <std::size_t... I>
  bool writeAt(Writer& writer, const Value& value, std::index_sequence<I...>) const {
    const auto tag = [&] { return tags_.write(writer, value.index()); };
    bool good = false;
    (void)(... || (value.index() == I && (good = std::get<I>(records_).writeFields(
                                              writer, *std::get_if<I>(&value), 1, tag),
                                          true)));
    return good;
  }

  template <std::size_t... I>
  bool readAt(Reader& reader, Value& out, const Place& place, std::index_sequence<I...>) const {
    bool good = false;
    (void)(... || (place.index == I && (good = readInto<I>(reader, out, place), true)));
    return good;
  }

  template <std::size_t I>
  bool readInto(Reader& reader, Value& out, const Place& place) const {
    if (out.index() != I) out.template emplace<I>();
    auto& value = *std::get_if<I>(&out);
    const auto& record = std::get<I>(records_);
    if constexpr (detail::isObject<std::remove_cvref_t<decltype(record)>>) {
      if (place.entered)
        return record.readFields(reader, value, place.count,
                                 detail::TagOf{tags_.tag(), place.tagTaken});
    }
    if (place.entered) {
      reader.leave();
      reader.backTo(place.start);
    }
    return record.readTagged(reader, value, tags_.tag());
  }

  detail::Tags tags_;
  std::tuple<Records...> records_;
};

/// An alternative whose schema is given. The fields of a record (`object<T>()`, refined, versioned
/// or annotated) stand beside the tag; any other value stands in a field `value`.
template <SchemaLike S>
[[nodiscard]] auto alternative(std::string name, S schema) {
  static_assert(
      !detail::isHandle<S>,
      "persistance: a Schema<A> or lazy() hides whether an alternative is an object, "
      "whose fields stand beside the tag; give what object<T>(...) gives: declare `static "
      "auto schema()`");
  if constexpr (RecordLike<S>)
    return Alternative<S>(std::move(name), std::move(schema));
  else
    return Alternative<decltype(detail::boxed(schema))>(std::move(name),
                                                        detail::boxed(std::move(schema)));
}

/// An alternative whose schema is the one that T declares; std::monostate is the tag alone.
template <class T>
[[nodiscard]] auto alternative(std::string name) {
  if constexpr (std::is_same_v<T, std::monostate>)
    return alternative(std::move(name), ObjectSchema<T>());
  else
    return alternative(std::move(name), of<T>());
}

/// `variant("kind", alternative<Circle>("circle"), alternative("square", object<Square>(...)))`: a
/// std::variant<Circle, Square>, stored as `{"kind": "circle", "radius": 2}`.
template <class... Records>
[[nodiscard]] VariantSchema<Records...> variant(std::string_view tag,
                                                Alternative<Records>... alternatives) {
  return VariantSchema<Records...>(tag, std::move(alternatives)...);
}

/// The same with the types in front: `variant<Circle, Square>("kind", "circle", "square")`, or with
/// alternatives as above, whose types then have to be these.
template <class T, class... Rest, class... Names>
  requires(sizeof...(Names) == 1 + sizeof...(Rest) &&
           (std::convertible_to<Names, std::string> && ...))
[[nodiscard]] auto variant(std::string_view tag, const Names&... names) {
  return [&]<class... T_>(std::type_identity<T_>...) {
    return variant(tag, alternative<T_>(std::string(names))...);
  }(std::type_identity<T>(), std::type_identity<Rest>()...);
}
template <class T, class... Rest, class... Records>
  requires(std::same_as<std::variant<T, Rest...>, std::variant<typename Records::Value...>>)
[[nodiscard]] VariantSchema<Records...> variant(std::string_view tag,
                                                Alternative<Records>... alternatives) {
  return VariantSchema<Records...>(tag, std::move(alternatives)...);
}

}  // namespace persistance::schema
