#include <doctest/doctest.h>

#include <regex>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;
using schema::Issue;
using Issues = std::vector<Issue>;

}  // namespace

TEST_SUITE("schema string") {
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
}
