#pragma once
/// @file
/// What is wrong with a value, and where.

#include <string>
#include <vector>

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

}  // namespace persistance::schema
