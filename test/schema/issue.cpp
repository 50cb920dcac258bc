#include <doctest/doctest.h>

#include "ask.hpp"

using namespace persistance;
using namespace persistance::test;
using schema::Issue;

TEST_SUITE("schema issue") {
  TEST_CASE("sorted by path, whatever the order in which they were found") {
    const auto issues = issuesOf(
        sampleSchema(), Unknown(nlohmann::json::parse(
                            R"({"tags":[1],"address":{"street":1,"zip":2},"name":"","age":"x"})")));
    for (std::size_t i = 1; i < issues.size(); ++i) CHECK(issues[i - 1].path <= issues[i].path);
    CHECK(issues.size() == 10);
  }

  TEST_CASE("describe prints a tree") {
    const std::vector<Issue> issues{
        {"", "no field of this name", "x"}, {"/address/street", "a string", "1"},
        {"/address/zip", "a string", "2"},  {"/age", "an integer", "\"x\""},
        {"/age", "a small one", "\"x\""},   {"/tags/0/a~1b~0", "a string", "3"}};
    CHECK(schema::describe(issues) ==
          "6 issues\n"
          "├─ expected no field of this name, got x\n"
          "├─ address\n"
          "│  ├─ street: expected a string, got 1\n"
          "│  └─ zip: expected a string, got 2\n"
          "├─ age\n"
          "│  ├─ expected an integer, got \"x\"\n"
          "│  └─ expected a small one, got \"x\"\n"
          "└─ tags\n"
          "   └─ 0\n"
          "      └─ a/b~: expected a string, got 3\n");
    CHECK(schema::describe({{"", "a", "b"}}) == "1 issue\n└─ expected a, got b\n");
  }

  TEST_CASE("issues are JSON") {
    const std::vector<Issue> issues{{"/a", "b", "c"}};
    const nlohmann::json tree = issues;
    CHECK(tree.dump() == R"([{"actual":"c","expected":"b","path":"/a"}])");
    CHECK(tree.get<std::vector<Issue>>() == issues);
  }

  TEST_CASE("the exception carries them all, and its text too") {
    try {
      (void)schema::array(schema::boolean()).decode(nlohmann::json{1, true, 2});
      CHECK(false);
    } catch (const PersistanceSchemaError& error) {
      CHECK(error.method() == "decode");
      CHECK(error.key().empty());
      CHECK(error.errors().size() == 2);
      CHECK(std::string(error.what()) ==
            "decode: /0: expected a boolean, got 1; /2: expected a boolean, got 2");
    }
  }

  TEST_CASE("indexes sort as numbers") {
    const auto issues = test::issuesOf(schema::array(schema::integer<int>()),
                                       nlohmann::json::parse(R"([0,1,"x",3,4,5,6,7,8,9,"y",11])"));
    REQUIRE(issues.size() == 2);
    CHECK(issues[0].path == "/2");
    CHECK(issues[1].path == "/10");
  }
}
