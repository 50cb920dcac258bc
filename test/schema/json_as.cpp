#include <doctest/doctest.h>

#include <deque>

#include <deque>

#include <persistance/schema/json_as.hpp>

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

enum class Loudness { low, high };
NLOHMANN_JSON_SERIALIZE_ENUM(Loudness, {{Loudness::low, "low"}, {Loudness::high, "high"}})

struct Boxed {
  int value = 0;
};

}  // namespace

template <>
struct nlohmann::adl_serializer<Boxed> {
  static void to_json(json& tree, const Boxed& value) { tree = value.value; }
  static void from_json(const json& tree, Boxed& value) { tree.get_to(value.value); }
};

TEST_SUITE("schema json as") {
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

  TEST_CASE("json<T>: a type's own conversion, however it is given, and no other") {
    CHECK(schema::of<Loudness>().encode(Loudness::high).json() == "high");
    CHECK(schema::of<Boxed>().decode(json(3)).value == 3);
    CHECK(again(schema::of<std::deque<Place>>(), {{1, 2}}).front() == Place{1, 2});
    CHECK_FALSE(schema::JsonConvertible<std::deque<int>>);
    CHECK_FALSE(schema::JsonConvertible<std::string_view>);
    CHECK_FALSE(schema::JsonConvertible<std::vector<Place>>);
    CHECK_FALSE(schema::JsonConvertible<int>);
  }
}
