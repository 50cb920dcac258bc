#pragma once
/// @file
/// What a schema looks like from outside: JSON Schema, draft 2020-12.

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <persistance/schema/detail/number_text.hpp>
#include <persistance/unknown.hpp>

namespace persistance::schema {

/// A piece of a JSON Schema.
class Shape {
 public:
  explicit Shape(nlohmann::json tree);
  [[nodiscard]] const nlohmann::json& tree() const noexcept { return *tree_; }

 private:
  std::shared_ptr<const nlohmann::json> tree_;
};

/// A field, as a shape.
struct FieldShape {
  FieldShape(std::string name_, std::vector<std::string> oldNames_, Shape shape_, bool required_,
             Unknown fallback_, bool secret_ = false);

  std::string name;
  std::vector<std::string> oldNames;
  Shape shape;
  bool required;
  Unknown fallback;  ///< The value of the field when it is missing; null: none.
  bool secret;       ///< No error shows its value.
};

/// What a shape says to people.
struct Annotations {
  std::string title;
  std::string description;
  std::vector<Unknown> examples;
};

/// Makes shapes, and keeps those that have a name (`$defs`).
class Shapes {
 public:
  static constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

  Shapes();
  Shapes(const Shapes&) = delete;
  Shapes& operator=(const Shapes&) = delete;
  ~Shapes();

  [[nodiscard]] Shape any();
  [[nodiscard]] Shape boolean();
  [[nodiscard]] Shape integer(detail::Wide min, detail::Wide max);
  /// An end that is `lowest` or `highest` is left open.
  [[nodiscard]] Shape number(double min, double max, double lowest, double highest);
  [[nodiscard]] Shape string(std::size_t min, std::size_t max,
                             const std::vector<std::string>& patterns);
  [[nodiscard]] Shape bytes();
  [[nodiscard]] Shape oneOfValues(const std::vector<Unknown>& values);
  [[nodiscard]] Shape anyOf(const std::vector<Shape>& alternatives);
  [[nodiscard]] Shape nullable(const Shape& shape);
  [[nodiscard]] Shape array(const Shape& item, std::size_t min, std::size_t max);
  [[nodiscard]] Shape tuple(const std::vector<Shape>& items);
  [[nodiscard]] Shape map(const Shape& value);
  [[nodiscard]] Shape object(const std::vector<FieldShape>& fields, bool strict);
  [[nodiscard]] Shape tagged(const std::string& tag, const std::vector<std::string>& names,
                             const std::vector<Shape>& alternatives);
  [[nodiscard]] Shape formatted(std::string_view format);
  [[nodiscard]] Shape annotated(const Shape& shape, const Annotations& notes);
  [[nodiscard]] Shape described(const Shape& shape, const std::string& description);

  /// A reference to what `make` makes; it is called once for each `identity`, which is how a type
  /// may contain itself.
  template <class Make>
  [[nodiscard]] Shape reference(const void* identity, Make make) {
    const bool isNew = enter(identity);
    if (isNew) define(identity, make());
    return refer(identity);
  }

  /// The whole document.
  [[nodiscard]] nlohmann::json document(const Shape& root) const;
  /// The same as a shape.
  [[nodiscard]] Shape whole(const Shape& root) const;

 private:
  bool enter(const void* identity);
  void define(const void* identity, const Shape& shape);
  [[nodiscard]] Shape refer(const void* identity) const;

  struct Definitions;
  std::unique_ptr<Definitions> definitions_;
};

}  // namespace persistance::schema
