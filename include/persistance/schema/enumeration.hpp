#pragma once
/// @file
/// Enumerations, stored by name.

#include <algorithm>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <persistance/schema/detail/enumerators.hpp>
#include <persistance/schema/detail/misuse.hpp>
#include <persistance/schema/detail/names.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

template <class E>
class EnumerationSchema : public Codec<EnumerationSchema<E>, E> {
 public:
  explicit EnumerationSchema(std::vector<std::pair<E, std::string>> values)
      : names_(namesOf(values)) {
    for (const auto& [value, name] : values) values_.push_back(value);
  }

  bool write(Writer& writer, const E& value) const {
    const auto place = std::find(values_.begin(), values_.end(), value);
    const auto index = static_cast<std::size_t>(place - values_.begin());
    return names_.write(writer, index, static_cast<std::underlying_type_t<E>>(value));
  }
  bool read(Reader& reader, E& out) const {
    std::size_t index = 0;
    if (!names_.read(reader, index)) return false;
    out = values_[index];
    return true;
  }
  Shape shape(Shapes& shapes) const { return names_.shape(shapes); }

 private:
  static detail::Names namesOf(const std::vector<std::pair<E, std::string>>& values) {
    std::vector<std::string> names;
    for (const auto& [value, name] : values) names.push_back(name);
    return detail::Names(std::move(names));
  }

  detail::Names names_;
  std::vector<E> values_;
};

/// `enumeration<Color>({{Color::red, "red"}, {Color::green, "green"}})`. The names are what is
/// stored: the numbers may change, the names may not. A value without a name is an issue.
template <class E>
  requires std::is_enum_v<E>
[[nodiscard]] EnumerationSchema<E> enumeration(
    std::initializer_list<std::pair<E, std::string>> values) {
  return EnumerationSchema<E>(std::vector<std::pair<E, std::string>>(values));
}

/// The same for values that were put together before, which a co_await expression of g++ 12 needs.
template <class E>
  requires std::is_enum_v<E>
[[nodiscard]] EnumerationSchema<E> enumeration(std::vector<std::pair<E, std::string>> values) {
  return EnumerationSchema<E>(std::move(values));
}

/// `enumeration<Color>()`: the enumerators, under the names that they have in the source; those of
/// the numbers from -128 to 255, and of two of one number the first. Rename one, and what was stored
/// under its old name is read no longer, unless the names are given.
/// @par Errors  std::invalid_argument: there are none.
template <class E>
  requires std::is_enum_v<E>
[[nodiscard]] auto enumeration() {
  if constexpr (!detail::HasFixedType<E>) (void)detail::LooseEnumeration<E>{};
  return EnumerationSchema<E>(detail::enumerators<E>());
}

}  // namespace persistance::schema
