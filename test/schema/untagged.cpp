#include <doctest/doctest.h>

#include <variant>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

struct Disc {
  int radius = 0;
  friend bool operator==(const Disc&, const Disc&) = default;
  static auto schema() { return schema::object<Disc>(schema::field("radius", &Disc::radius)); }
};
using Anything = std::variant<std::monostate, bool, int, std::string, std::vector<int>, Disc>;

}  // namespace

TEST_SUITE("schema untagged") {
  TEST_CASE("untagged: scalars, told apart by what is stored") {
    const auto schema = schema::of<Anything>();
    for (const Anything& value : {Anything(), Anything(true), Anything(3), Anything("x"),
                                  Anything(std::vector{1}), Anything(Disc{2})})
      CHECK(again(schema, value) == value);
    CHECK(text(schema, Disc{2}) == R"({"radius":2})");
    CHECK(refusal(schema, "1.5") == "expected one of 6 forms, got 1.5");
    CHECK(refusal(schema, R"({"radius":"x"})") ==
          "expected one of 6 forms, got an object of 1 field");
    CHECK(schema::jsonSchema(schema)["anyOf"].size() == 6);
  }

  TEST_CASE("untagged: what would come back as an earlier alternative is refused when written") {
    const auto wide = schema::of<std::variant<std::int64_t, int>>();
    CHECK(again(wide, std::int64_t{5}).index() == 0);
    CHECK(encodeRefusal(wide, 5) == "expected a value that no earlier alternative takes, got 5");
    const auto narrow = schema::of<std::variant<std::int8_t, int>>();
    CHECK(again(narrow, 500).index() == 1);
    CHECK_FALSE(encodeRefusal(narrow, 5).empty());
    const auto numbers = schema::of<std::variant<int, double>>();
    CHECK(again(numbers, 3.0).index() == 1);
    CHECK(again(numbers, 3).index() == 0);
  }

  TEST_CASE("untagged: an alternative that fails half-way leaves nothing behind") {
    const auto schema =
        schema::untagged(schema::array(schema::integer<int>()), schema::array(schema::string()));
    const std::vector<std::string> words{"a", "b"};
    CHECK(std::get<1>(again(schema, words)) == words);
    CHECK(refusal(schema, R"([1,"a"])") == "expected one of 2 forms, got an array of 2 items");
    CHECK(refusal(schema, raw("\x92\x01")) == "expected a whole value, got the end of the bytes");
  }
}
