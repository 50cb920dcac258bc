#pragma once
/// @file
/// What is wrong with a value, and where.

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace persistance::schema {

/// One thing that is wrong with a value.
struct Issue {
  std::string path;  ///< JSON Pointer (RFC 6901) from the value's root; empty for the root itself.
  std::string expected;  ///< What the schema asks for, "an integer from 0 to 150".
  std::string actual;    ///< What was found, at most 80 characters of it.

  friend bool operator==(const Issue&, const Issue&) = default;
};

/// All issues in one line: `/age: expected an integer, got "x"; /name: ...`.
[[nodiscard]] std::string summary(const std::vector<Issue>& issues);

/// All issues as a tree, for people:
///
///     2 issues
///     |- address
///     |  `- zip: expected a string, got 5
///     `- age: expected an integer from 0 to 150, got 200
///
/// (with box-drawing characters). Issues of one place stand together, in the order of their paths.
[[nodiscard]] std::string describe(const std::vector<Issue>& issues);

/// For machines: `{"path": "/age", "expected": "...", "actual": "..."}`. So
/// `nlohmann::json(issues)` is the whole list.
void to_json(nlohmann::json& tree, const Issue& issue);
void from_json(const nlohmann::json& tree, Issue& issue);

}  // namespace persistance::schema
