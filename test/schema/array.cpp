#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;
using schema::Issue;
using Issues = std::vector<Issue>;

}  // namespace

TEST_SUITE("schema array") {
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
}
