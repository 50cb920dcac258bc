#pragma once
/// @file
/// One of several records, told apart by a tag among their fields.

#include <concepts>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <persistance/schema/detail/tags.hpp>
#include <persistance/schema/object.hpp>
#include <persistance/schema/of.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// One alternative: the name that stands in the tag, and an object schema.
template <class Object>
struct Alternative {
  Alternative(std::string name_, Object object_)
      : name(std::move(name_)), object(std::move(object_)) {}

  std::string name;
  Object object;
};

namespace detail {

template <class T>
inline constexpr bool isObject = false;
template <class T, class... Fields>
inline constexpr bool isObject<ObjectSchema<T, Fields...>> = true;

}  // namespace detail

/// A std::variant of the alternatives' types, in their order.
template <class... Objects>
class VariantSchema
    : public Codec<VariantSchema<Objects...>, std::variant<typename Objects::Value...>> {
 public:
  using Value = std::variant<typename Objects::Value...>;

  VariantSchema(std::string_view tag, Alternative<Objects>... alternatives)
      : tags_(tag, {alternatives.name...}), objects_(std::move(alternatives.object)...) {
    const auto clash = [&](const Objects&... object) { return (object.hasField(tag) || ...); };
    if (std::apply(clash, objects_))
      throw std::invalid_argument("persistance: an alternative has a field named like the tag");
  }

  bool write(Writer& writer, const Value& value) const {
    if (value.valueless_by_exception()) return writer.fail("a value", "nothing");
    return writeAt(writer, value, Indexes());
  }

  bool read(Reader& reader, Value& out) const {
    std::size_t count = 0;
    std::size_t index = 0;
    bool taken = false;
    return reader.map(count) && tags_.read(reader, count, index, taken) &&
           readAt(reader, out, count, index, taken, Indexes());
  }

  Shape shape(Shapes& shapes) const {
    const auto all = [&](const Objects&... object) {
      return std::vector<Shape>{object.shape(shapes)...};
    };
    return shapes.tagged(std::string(tags_.tag()), tags_.names(), std::apply(all, objects_));
  }

 private:
  using Indexes = std::index_sequence_for<Objects...>;

  template <std::size_t... I>
  bool writeAt(Writer& writer, const Value& value, std::index_sequence<I...>) const {
    const auto tag = [&] { return tags_.write(writer, value.index()); };
    bool good = false;
    (void)(... || (value.index() == I && (good = std::get<I>(objects_).writeFields(
                                              writer, *std::get_if<I>(&value), 1, tag),
                                          true)));
    return good;
  }

  template <std::size_t... I>
  bool readAt(Reader& reader, Value& out, std::size_t count, std::size_t index, bool taken,
              std::index_sequence<I...>) const {
    bool good = false;
    (void)(... || (index == I && (good = readInto<I>(reader, out, count, taken), true)));
    return good;
  }

  template <std::size_t I>
  bool readInto(Reader& reader, Value& out, std::size_t count, bool taken) const {
    if (out.index() != I) out.template emplace<I>();
    return std::get<I>(objects_).readFields(reader, *std::get_if<I>(&out), count,
                                            detail::TagOf{tags_.tag(), taken});
  }

  detail::Tags tags_;
  std::tuple<Objects...> objects_;
};

/// An alternative whose schema is given. It has to be what `object<T>()` gives, since the tag goes
/// among its fields.
template <class Object>
[[nodiscard]] Alternative<Object> alternative(std::string name, Object object) {
  static_assert(detail::isObject<Object>,
                "persistance: an alternative is an object schema, as object<T>(...) gives it: the "
                "tag goes among its fields");
  return Alternative<Object>(std::move(name), std::move(object));
}

/// An alternative whose schema is the one that T declares.
template <class T>
[[nodiscard]] auto alternative(std::string name) {
  return alternative(std::move(name), of<T>());
}

/// `variant("kind", alternative<Circle>("circle"), alternative("square", object<Square>(...)))`: a
/// std::variant<Circle, Square>, stored as `{"kind": "circle", "radius": 2}`.
template <class... Objects>
[[nodiscard]] VariantSchema<Objects...> variant(std::string_view tag,
                                                Alternative<Objects>... alternatives) {
  return VariantSchema<Objects...>(tag, std::move(alternatives)...);
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
template <class T, class... Rest, class... Objects>
  requires(std::same_as<std::variant<T, Rest...>, std::variant<typename Objects::Value...>>)
[[nodiscard]] VariantSchema<Objects...> variant(std::string_view tag,
                                                Alternative<Objects>... alternatives) {
  return VariantSchema<Objects...>(tag, std::move(alternatives)...);
}

}  // namespace persistance::schema
