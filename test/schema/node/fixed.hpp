#pragma once
/// What the generator cannot put together: types of their own, with values that fit them and values
/// that do not.

#include <string>
#include <variant>
#include <vector>

#include "../generate.hpp"

namespace persistance::test {

/// A schema, whatever its type, and JSON texts to try.
struct Fixed {
  json jsonSchema;
  std::vector<std::string> texts;
  /// Gives the issues of a value.
  std::vector<schema::Issue> (*decode)(const Unknown& value);
};

[[nodiscard]] std::vector<Fixed> fixed();

}  // namespace persistance::test
