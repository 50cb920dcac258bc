#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;
using schema::Issue;
using Issues = std::vector<Issue>;

struct Place {
  int x = 0;
  int y = 0;
  friend bool operator==(const Place&, const Place&) = default;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Place, x, y)
};

struct Throws {};
void to_json(json&, const Throws&) { throw std::runtime_error("cannot write"); }
void from_json(const json&, Throws&) { throw 42; }

}  // namespace

TEST_SUITE("schema json") {
  TEST_CASE("A9: json<T>: conversion exceptions are issues, whatever their type") {
    const auto point = schema::json<Place>();
    CHECK(point.decode(point.encode({1, -2})) == Place{1, -2});
    CHECK(issuesOf(point, json{{"x", 1}}).size() == 1);
    CHECK(issuesOf(point, json{{"x", 1}, {"y", "z"}}).size() == 1);
    CHECK(encodeIssues(schema::json<Throws>(), {}) ==
          Issues{{"", "a value that converts to JSON", "cannot write"}});
    CHECK(issuesOf(schema::json<Throws>(), json(1)) ==
          Issues{{"", "JSON that converts", "an exception"}});
  }
}
