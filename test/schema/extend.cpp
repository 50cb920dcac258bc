#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

struct Member {
  std::string name;
  int age = 0;
  static auto schema() { return schema::object<Member>(); }
};

struct Chair : Member {
  int level = 0;
  static auto schema() {
    return schema::extend<Chair>(Member::schema(), schema::field("level", &Chair::level));
  }
};

}  // namespace

TEST_SUITE("schema extend") {
  TEST_CASE("extend: the fields of the base, and more") {
    Chair chair;
    chair.name = "Ada";
    chair.level = 2;
    CHECK(text(Chair::schema(), chair) == R"({"age":0,"level":2,"name":"Ada"})");
    CHECK(again(Chair::schema(), chair).level == 2);
    CHECK(refusal(Chair::schema(), R"({"name":"a","age":1})") ==
          "/level: expected a value, got nothing");
    const auto strict = schema::extend<Chair>(Member::schema().strict());
    CHECK(refusal(strict, R"({"name":"a","age":1,"level":2})") ==
          "/level: expected no field of this name, got 2");
    CHECK_THROWS_AS(
        (void)schema::extend<Chair>(Member::schema(), schema::field("age", &Chair::level)),
        std::invalid_argument);
  }

  TEST_CASE("pick: these fields only") {
    const auto schema = schema::pick(Member::schema(), "name");
    CHECK(text(schema, {"Ada", 36}) == R"({"name":"Ada"})");
    CHECK(schema.decode(nlohmann::json{{"name", "x"}, {"age", "old"}}).age == 0);
    CHECK(schema::jsonSchema(schema)["properties"].size() == 1);
    CHECK(refusal(schema.strict(), R"({"name":"x","age":1})") ==
          "/age: expected no field of this name, got 1");
    CHECK_THROWS_AS((void)schema::pick(Member::schema(), "nme"), std::invalid_argument);
  }
}
