#pragma once
/// Asks a schema about a value.

#include <doctest/doctest.h>

#include "samples.hpp"

namespace persistance::test {

template <class S>
std::vector<schema::Issue> issuesOf(const S& schema, const Unknown& value) {
  std::vector<schema::Issue> issues;
  typename S::Value out{};
  const bool good = schema::decode(schema, value.bytes(), out, issues);
  CHECK(good == issues.empty());
  return issues;
}

template <class S>
std::vector<schema::Issue> encodeIssues(const S& schema, const typename S::Value& value) {
  std::vector<schema::Issue> issues;
  const Unknown encoded = schema::encode(schema, value, issues);
  if (!issues.empty()) CHECK(encoded == Unknown());
  return issues;
}

/// All issues of this JSON text, in one line; empty when it decodes.
template <class S>
std::string refusal(const S& schema, const char* text) {
  return schema::summary(issuesOf(schema, Unknown(nlohmann::json::parse(text))));
}
template <class S>
std::string refusal(const S& schema, const Unknown& value) {
  return schema::summary(issuesOf(schema, value));
}

/// All issues of encoding this value, in one line.
template <class S>
std::string encodeRefusal(const S& schema, const typename S::Value& value) {
  return schema::summary(encodeIssues(schema, value));
}

/// `value` there and back.
template <class S>
typename S::Value again(const S& schema, const typename S::Value& value) {
  return schema.decode(schema.encode(value));
}

/// The JSON text of an encoded value.
template <class S>
std::string text(const S& schema, const typename S::Value& value) {
  return schema.encode(value).json().dump();
}

}  // namespace persistance::test
