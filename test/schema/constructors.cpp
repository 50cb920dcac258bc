#include <doctest/doctest.h>

#include <regex>
#include <unordered_map>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;
using schema::Issue;
using Issues = std::vector<Issue>;

struct Pair {
  std::optional<int> a;
  int b = 0;
  friend bool operator==(const Pair&, const Pair&) = default;
};
auto pairSchema() {
  return schema::object<Pair>(schema::field("a", &Pair::a), schema::field("b", &Pair::b));
}

struct Point {
  int x = 0;
  int y = 0;
  friend bool operator==(const Point&, const Point&) = default;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Point, x, y)
};

struct Foreign {
  int value = 0;
};

struct Throws {};
void to_json(json&, const Throws&) { throw std::runtime_error("cannot write"); }
void from_json(const json&, Throws&) { throw 42; }

}  // namespace

template <>
struct persistance::schema::SchemaFor<Foreign> {
  static auto schema() { return object<Foreign>(field("value", &Foreign::value)); }
};

TEST_SUITE("schema constructors") {
  TEST_CASE("string: lengths are Unicode code points") {
    const auto three = schema::string().minLength(3).maxLength(3);
    CHECK(issuesOf(three, json("\u00e4\u20ac\U0001f600")).empty());
    CHECK(issuesOf(three, json("\u00e4\u20ac")) ==
          Issues{{"", "at least 3 characters", "\"\u00e4\u20ac\""}});
    CHECK(issuesOf(three, json("abcd")) == Issues{{"", "at most 3 characters", "\"abcd\""}});
    CHECK(issuesOf(schema::string().nonEmpty(), json("")) ==
          Issues{{"", "at least 1 character", "\"\""}});
    CHECK(encodeIssues(three, "abcd").size() == 1);
    CHECK(issuesOf(schema::string(), json(1)) == Issues{{"", "a string", "1"}});
  }

  TEST_CASE("string: a pattern matches anywhere, code point by code point, and all must match") {
    CHECK(issuesOf(schema::string().pattern("b+"), json("abbc")).empty());
    CHECK(issuesOf(schema::string().pattern("^.$"), json("\u20ac")).empty());
    const auto both = schema::string().pattern("^a").pattern("z$").minLength(2);
    CHECK(issuesOf(both, json("az")).empty());
    CHECK(issuesOf(both, json("b")).size() == 3);
    CHECK(encodeIssues(both, "ay") == Issues{{"", "a string that matches z$", "\"ay\""}});
    CHECK_THROWS_AS((void)schema::string().pattern("(a"), std::regex_error);
  }

  TEST_CASE("string: no pattern runs away, in time or in stack") {
    const auto evil = schema::string().pattern("^(a+)+$");
    CHECK(issuesOf(evil, json(std::string(60, 'a') + "b")).size() == 1);
    CHECK(issuesOf(evil, json(std::string(1024, 'a'))).empty());
    CHECK(issuesOf(evil, json(std::string(1 << 20, 'a'))).size() == 1);
    CHECK(issuesOf(schema::string().pattern("(.|\\s)*z"), json(std::string(1024, 'a'))).size() ==
          1);
  }

  TEST_CASE("integer and number: both ends are included") {
    const auto integer = schema::integer<int>().between(-5, 5);
    for (const int good : {-5, 0, 5}) CHECK(integer.decode(integer.encode(good)) == good);
    for (const int bad : {-6, 6, 300}) {
      CHECK(issuesOf(integer, json(bad)) ==
            Issues{{"", "an integer from -5 to 5", std::to_string(bad)}});
      CHECK(encodeIssues(integer, bad) == issuesOf(integer, json(bad)));
    }
    const auto number = schema::number().between(-0.5, 0.5);
    for (const double good : {-0.5, 0.0, 0.5}) CHECK(number.decode(number.encode(good)) == good);
    CHECK(issuesOf(number, json(0.75)) == Issues{{"", "a number from -0.5 to 0.5", "0.75"}});
    CHECK(encodeIssues(number, -0.75) == Issues{{"", "a number from -0.5 to 0.5", "-0.75"}});
    CHECK(issuesOf(schema::number().min(1), json(0)) ==
          Issues{{"", "a number of at least 1", "0"}});
    CHECK(issuesOf(schema::number().max(1), json(2)) == Issues{{"", "a number of at most 1", "2"}});
    CHECK(schema::number().decode(json(3)) == 3.0);
    CHECK(issuesOf(schema::number(), json(true)) == Issues{{"", "a number", "true"}});
    CHECK(issuesOf(schema::number(), json("1")) == Issues{{"", "a number", "\"1\""}});
    CHECK(schema::number<float>().decode(schema::number<float>().encode(0.1F)) == 0.1F);
  }

  TEST_CASE("boolean: nothing else will do") {
    CHECK(schema::boolean().decode(schema::boolean().encode(true)));
    CHECK_FALSE(schema::boolean().decode(schema::boolean().encode(false)));
    for (const json& bad : {json(0), json(1), json("true"), json(nullptr), json::array()})
      CHECK(issuesOf(schema::boolean(), bad).size() == 1);
  }

  TEST_CASE("optional: null and missing are nullopt; nullopt is left out of an object") {
    CHECK(pairSchema().encode({std::nullopt, 1}).json() == json{{"b", 1}});
    CHECK(pairSchema().decode(json{{"a", nullptr}, {"b", 1}}) == Pair{std::nullopt, 1});
    CHECK(pairSchema().decode(json{{"b", 1}}) == Pair{std::nullopt, 1});
    CHECK(pairSchema().decode(json{{"a", 2}, {"b", 1}}) == Pair{2, 1});
    const auto list = schema::array(schema::optional(schema::integer<int>()));
    CHECK(list.encode({1, std::nullopt, 3}).json() == json{1, nullptr, 3});
    CHECK(list.decode(json{1, nullptr, 3}) == std::vector<std::optional<int>>{1, std::nullopt, 3});
    CHECK(encodeIssues(schema::optional(schema::json()), json(nullptr)) ==
          Issues{{"", "a value that is not null", "null"}});
    Pair reused{7, 7};
    Issues issues;
    CHECK(schema::decode(pairSchema(), Unknown(json{{"b", 1}}).bytes(), reused, issues));
    CHECK(reused == Pair{std::nullopt, 1});
  }

  TEST_CASE("array: every element is looked at") {
    const auto list = schema::array(schema::integer<int>()).minItems(1).maxItems(3);
    CHECK(issuesOf(list, json::array()) == Issues{{"", "at least 1 items", "0"}});
    CHECK(issuesOf(list, json{1, "x", 3, true}) ==
          Issues{{"", "at most 3 items", "4"},
                 {"/1", "an integer from -2147483648 to 2147483647", "\"x\""},
                 {"/3", "an integer from -2147483648 to 2147483647", "true"}});
    CHECK(encodeIssues(list, {}).size() == 1);
    CHECK(encodeIssues(schema::array(schema::string().nonEmpty()), {"a", "", "b", ""}) ==
          Issues{{"/1", "at least 1 character", "\"\""}, {"/3", "at least 1 character", "\"\""}});
    const auto flags = schema::array(schema::boolean());
    CHECK(flags.decode(flags.encode({true, false, true})) == std::vector<bool>{true, false, true});
    std::vector<int> many(70000, 5);
    const auto plain = schema::array(schema::integer<int>());
    CHECK(plain.decode(plain.encode(many)) == many);
  }

  TEST_CASE("map: keys are text and come once") {
    const auto map = schema::map(schema::integer<int>());
    const std::map<std::string, int> value{{"", 0}, {"a", 1}, {std::string(40, 'k'), 2}};
    CHECK(map.decode(map.encode(value)) == value);
    using Hashed = std::unordered_map<std::string, int>;
    const auto hashed = schema::map<Hashed>(schema::integer<int>());
    CHECK(hashed.decode(map.encode(value)) == Hashed(value.begin(), value.end()));
    CHECK(issuesOf(map, raw("\x82\xa1"
                            "a\x01\xa1"
                            "a\x02")) == Issues{{"/a", "one entry of this key", "2"}});
    CHECK(issuesOf(map, raw("\x82\x05\x01\xa1"
                            "a\xc3")) ==
          Issues{{"", "a text key", "5"},
                 {"/a", "an integer from -2147483648 to 2147483647", "true"}});
    CHECK(encodeIssues(map, {{"\xff", 1}}).size() == 1);
    CHECK(issuesOf(map, json(1)) == Issues{{"", "an object", "1"}});
  }

  TEST_CASE("object: the order of the fields does not matter") {
    CHECK(pairSchema().decode(raw("\x82\xa1"
                                  "b\x01\xa1"
                                  "a\x02")) == Pair{2, 1});
  }

  TEST_CASE("object: a name stored wider than it needs to be is the same name") {
    CHECK(pairSchema().decode(raw("\x81\xd9\x01"
                                  "b\x01")) == Pair{std::nullopt, 1});
  }

  TEST_CASE("A8: object: missing, unknown and repeated fields") {
    CHECK(issuesOf(pairSchema(), json::object()) == Issues{{"/b", "a value", "nothing"}});
    CHECK(issuesOf(pairSchema(), json{{"b", nullptr}}).size() == 1);
    CHECK(pairSchema().decode(json{{"a", 1}, {"aa", {{"deep", {1, 2}}}}, {"b", 2}, {"c", 3}}) ==
          Pair{1, 2});
    CHECK(issuesOf(pairSchema().strict(), json{{"a", 1}, {"a/", {1, 2}}, {"b", 2}, {"c", 3}}) ==
          Issues{{"/a~1", "no field of this name", "an array of 2 items"},
                 {"/c", "no field of this name", "3"}});
    CHECK(pairSchema().strict().decode(json{{"a", 1}, {"b", 2}}) == Pair{1, 2});
    CHECK(issuesOf(pairSchema(), raw("\x83\xa1"
                                     "b\x01\xa1"
                                     "b\x02\xa1"
                                     "a\x03")) == Issues{{"/b", "one field of this name", "2"}});
    CHECK(issuesOf(pairSchema(), raw("\x82\x07\xc0\xa1"
                                     "b\x01")) == Issues{{"", "the name of a field", "7"}});
    CHECK_THROWS_AS(
        (void)schema::object<Pair>(schema::field("b", &Pair::a), schema::field("b", &Pair::b)),
        std::invalid_argument);
  }

  TEST_CASE("object: long names, and names made at run time") {
    const std::string longName(200, 'n');
    const auto schema =
        schema::object<Pair>(schema::field("a name that is longer than thirty-one bytes", &Pair::a),
                             schema::field(longName, &Pair::b));
    CHECK(schema.decode(schema.encode({1, 2})) == Pair{1, 2});
    CHECK(schema.encode({1, 2}).json().at(longName) == 2);
    CHECK_THROWS_AS((void)schema::field(std::string(256, 'n'), &Pair::b), std::invalid_argument);
    CHECK_THROWS_AS((void)schema::field(std::string("\xff"), &Pair::b), std::invalid_argument);
  }

  TEST_CASE("object: a schema of the inner type does for an optional member") {
    const auto schema = schema::object<Pair>(
        schema::field("a", &Pair::a, schema::integer<int>().min(1)), schema::field("b", &Pair::b));
    CHECK(schema.decode(json{{"b", 1}}) == Pair{std::nullopt, 1});
    CHECK(issuesOf(schema, json{{"a", 0}, {"b", 1}}).size() == 1);
  }

  TEST_CASE("refine: the condition holds both ways, and says what was wanted") {
    const auto even =
        schema::refine(schema::integer<int>(), [](int i) { return i % 2 == 0; }, "an even number");
    CHECK(even.decode(even.encode(4)) == 4);
    CHECK(issuesOf(even, json(3)) == Issues{{"", "an even number", "3"}});
    CHECK(encodeIssues(even, 3) == Issues{{"", "an even number", "3"}});
    const auto throws = schema::refine(
        schema::integer<int>(), [](int) -> bool { throw std::runtime_error("out of order"); }, "x");
    CHECK(issuesOf(throws, json(3)) == Issues{{"", "x", "out of order"}});
    const auto present = schema::refine(
        schema::optional(schema::integer<int>()),
        [](const std::optional<int>& i) { return i.has_value(); }, "something");
    const auto record = schema::object<Pair>(schema::field("a", &Pair::a, present));
    CHECK(issuesOf(record, json::object()) == Issues{{"/a", "a value", "nothing"}});
  }

  TEST_CASE("transform: either direction may refuse") {
    const auto hex = schema::transform<int>(
        schema::string(), [](const std::string& text) { return std::stoi(text, nullptr, 16); },
        [](int value) {
          if (value < 0) throw std::invalid_argument("negative");
          return std::to_string(value);
        });
    CHECK(hex.decode(json("1f")) == 31);
    CHECK(issuesOf(hex, json("zz")) == Issues{{"", "a value that converts", "stoi"}});
    CHECK(issuesOf(hex.expecting("hexadecimal digits"), json("zz")).at(0).expected ==
          "hexadecimal digits");
    CHECK(issuesOf(hex, json(1)) == Issues{{"", "a string", "1"}});
    CHECK(encodeIssues(hex, -1) == Issues{{"", "a value that converts", "negative"}});
    const auto memory = schema::transform<int>(
        schema::string(), [](const std::string&) -> int { throw std::bad_alloc(); },
        [](int) { return std::string(); });
    CHECK_THROWS_AS((void)memory.decode(json("")), std::bad_alloc);
  }

  TEST_CASE("A9: json<T>: conversion exceptions are issues, whatever their type") {
    const auto point = schema::json<Point>();
    CHECK(point.decode(point.encode({1, -2})) == Point{1, -2});
    CHECK(issuesOf(point, json{{"x", 1}}).size() == 1);
    CHECK(issuesOf(point, json{{"x", 1}, {"y", "z"}}).size() == 1);
    CHECK(encodeIssues(schema::json<Throws>(), {}) ==
          Issues{{"", "a value that converts to JSON", "cannot write"}});
    CHECK(issuesOf(schema::json<Throws>(), json(1)) ==
          Issues{{"", "JSON that converts", "an exception"}});
  }

  TEST_CASE("of: declared, specialised, built in, or by way of JSON") {
    CHECK(schema::of<bool>().decode(json(true)));
    CHECK(schema::of<std::uint8_t>().decode(json(255)) == 255);
    CHECK(schema::of<float>().decode(json(0.5)) == 0.5F);
    CHECK(schema::of<std::string>().decode(json("x")) == "x");
    CHECK(schema::of<json>().decode(json{1, {{"a", nullptr}}}) == json{1, {{"a", nullptr}}});
    CHECK(schema::of<Unknown>().decode(json{1, 2}) == Unknown(json{1, 2}));
    CHECK(schema::of<Foreign>().decode(json{{"value", 3}}).value == 3);
    CHECK(schema::of<Address>().decode(json{{"street", "s"}}) == Address{"s", std::nullopt});
    CHECK(schema::of<Point>().decode(json{{"x", 1}, {"y", 2}}) == Point{1, 2});
    using Nested = std::map<std::string, std::vector<std::optional<Point>>>;
    const Nested nested{{"a", {Point{1, 2}, std::nullopt}}, {"b", {}}};
    CHECK(schema::of<Nested>().decode(schema::of<Nested>().encode(nested)) == nested);
    const auto hashed = schema::of<std::unordered_map<std::string, Address>>();
    CHECK(hashed.decode(json{{"k", {{"street", "s"}}}}).size() == 1);
  }

  TEST_CASE("Schema<A> hides which one it is, and nests like any other") {
    const Schema<Pair> pair = pairSchema();
    const Schema<std::optional<int>> maybe = schema::optional(schema::integer<int>());
    const auto record =
        schema::object<Pair>(schema::field("a", &Pair::a, maybe), schema::field("b", &Pair::b));
    CHECK(record.decode(json{{"b", 1}}) == Pair{std::nullopt, 1});
    CHECK(record.encode({std::nullopt, 1}) == pair.encode({std::nullopt, 1}));
    Schema<Pair> copy = pair;
    Schema<Pair> moved = std::move(copy);
    CHECK(copy.decode(json{{"b", 1}}) == moved.decode(json{{"b", 1}}));
  }
}

TEST_SUITE("schema constructors") {
  TEST_CASE("JSON comes back as it was") {
    for (const json& value :
         {json(nullptr), json(true), json(0), json(-1), json(std::uint64_t(-1)), json(1.5),
          json(""), json("text"), json::array(), json::object(), json::binary({1, 2, 255}),
          json{1, {2, {3, {{"a", {{"b", nullptr}}}}}}}, json(std::string(70000, 'x'))}) {
      const Unknown unknown(value);
      CHECK(unknown.json() == value);
      CHECK(unknown == Unknown::fromBytes(unknown.bytes()));
    }
  }

  TEST_CASE("a default Unknown is a null") {
    CHECK(Unknown() == Unknown(json(nullptr)));
    CHECK(Unknown().json() == nullptr);
    CHECK(Unknown().bytes().size() == 1);
  }

  TEST_CASE("a JSON object that has a key twice is refused") {
    CHECK_THROWS_AS((void)raw("\x82\xa1"
                              "a\x01\xa1"
                              "a\x02")
                        .json(),
                    PersistanceSchemaError);
  }

  TEST_CASE("issues of a JSON value have paths") {
    try {
      (void)Unknown(json{{"a", {1, std::numeric_limits<double>::infinity()}}, {"b/", "\xff"}});
      CHECK(false);
    } catch (const PersistanceSchemaError& error) {
      CHECK(error.method() == "encode");
      CHECK(error.errors() ==
            Issues{{"/a/1", "a finite number", "inf"}, {"/b~1", "valid UTF-8", "\"\\xff\""}});
    }
  }
}
