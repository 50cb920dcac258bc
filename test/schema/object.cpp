#include <doctest/doctest.h>

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

}  // namespace

TEST_SUITE("schema object") {
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
}
