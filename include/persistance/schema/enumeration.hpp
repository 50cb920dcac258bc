#pragma once
/// @file
/// Enumerations, stored by name.

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <persistance/schema/literal.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// The names of an enumeration's values, apart from its type.
class EnumerationNames {
 public:
  /// @par Errors  std::invalid_argument: a name comes twice.
  explicit EnumerationNames(std::vector<std::string> names);

  /// The index of the name that comes next; an issue if it is none of them.
  bool read(Reader& reader, std::size_t& index) const;
  /// The name at `index`; beyond them an issue, in which the value is `number`.
  bool write(Writer& writer, std::size_t index, Wide number) const;
  Shape shape(Shapes& shapes) const;

 private:
  std::vector<std::string> names_;
  std::string expected_;
};

template <class E>
class EnumerationSchema : public Codec<EnumerationSchema<E>, E> {
 public:
  explicit EnumerationSchema(std::vector<std::pair<E, std::string>> values)
      : names_(namesOf(values)) {
    for (const auto& [value, name] : values) values_.push_back(value);
  }

  bool write(Writer& writer, const E& value) const {
    const auto place = std::find(values_.begin(), values_.end(), value);
    return names_.write(writer, static_cast<std::size_t>(place - values_.begin()),
                        static_cast<std::underlying_type_t<E>>(value));
  }
  bool read(Reader& reader, E& out) const {
    std::size_t index = 0;
    if (!names_.read(reader, index)) return false;
    out = values_[index];
    return true;
  }
  Shape shape(Shapes& shapes) const { return names_.shape(shapes); }

 private:
  static EnumerationNames namesOf(const std::vector<std::pair<E, std::string>>& values) {
    std::vector<std::string> names;
    for (const auto& [value, name] : values) names.push_back(name);
    return EnumerationNames(std::move(names));
  }

  EnumerationNames names_;
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

}  // namespace persistance::schema
