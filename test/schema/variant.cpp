#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

struct Circle {
  double radius = 0;
  friend bool operator==(const Circle&, const Circle&) = default;
  static auto schema() {
    return schema::object<Circle>(schema::field("radius", &Circle::radius)).strict();
  }
};
struct Square {
  double side = 0;
  std::optional<std::string> label;
  friend bool operator==(const Square&, const Square&) = default;
  static auto schema() {
    return schema::object<Square>(schema::field("side", &Square::side),
                                  schema::field("label", &Square::label));
  }
};
using Figure = std::variant<Circle, Square>;

}  // namespace

TEST_SUITE("schema variant") {
  TEST_CASE("variant: the tag stands among the fields of the alternative") {
    const auto schema = schema::variant("kind", schema::alternative<Circle>("circle"),
                                        schema::alternative("square", schema::of<Square>()));
    static_assert(std::is_same_v<decltype(schema)::Value, Figure>);
    CHECK(again(schema, Circle{2}) == Figure(Circle{2}));
    CHECK(again(schema, Square{3, "s"}) == Figure(Square{3, "s"}));
    CHECK(text(schema, Circle{2}) == R"({"kind":"circle","radius":2.0})");
    // Not first, since JSON objects are sorted here; "label" also comes before the tag.
    CHECK(refusal(schema, R"({"a":1,"kind":"square","side":1})").empty());
    CHECK(std::get<Square>(schema.decode(nlohmann::json::parse(
              R"({"kind":"square","label":"x","side":1})"))) == Square{1, "x"});
    CHECK(std::get<Square>(schema.decode(nlohmann::json::parse(
              R"({"a":{"b":[1]},"kind":"square","side":1})"))) == Square{1, std::nullopt});
    CHECK(refusal(schema, R"({"kind":"circle","radius":"x"})") ==
          R"(/radius: expected a number, got "x")");
    CHECK(refusal(schema, R"({"b":1,"kind":"circle","radius":1,"z":2})") ==
          "/b: expected no field of this name, got 1; /z: expected no field of this name, got 2");
    const std::string names = R"(/kind: expected "circle" or "square", got )";
    CHECK(refusal(schema, R"({"kind":"line","z":1})") == names + "\"line\"");
    CHECK(refusal(schema, R"({"a":1,"kind":"line","z":1})") == names + "\"line\"");
    CHECK(refusal(schema, R"({"a":1,"kind":5})") == names + "5");
    CHECK(refusal(schema, R"({"a":1})") == names + "nothing");
    CHECK(refusal(schema, R"({})") == names + "nothing");
    CHECK(refusal(schema, "5") == "expected an object, got 5");
    CHECK(refusal(schema::array(schema), R"([{"kind":1},{"kind":"circle","radius":1},{"x":1}])") ==
          "/0" + names + "1; /2" + names + "nothing");
  }

  TEST_CASE("variant: the types may stand in front") {
    const auto schema = schema::variant<Circle, Square>("kind", "circle", "square");
    CHECK(again(schema, Square{3, "s"}) == Figure(Square{3, "s"}));
    const Schema<Figure> erased = schema::variant<Circle, Square>(
        "kind", schema::alternative<Circle>("c"), schema::alternative<Square>("s"));
    CHECK(again(erased, Circle{3}) == Figure(Circle{3}));
    CHECK_THROWS_AS((void)(schema::variant<Circle, Square>("kind", "x", "x")),
                    std::invalid_argument);
    CHECK_THROWS_AS((void)(schema::variant<Circle, Square>("side", "x", "y")),
                    std::invalid_argument);
  }

  TEST_CASE("variant: a tag that comes twice is an issue") {
    const auto schema = schema::variant<Circle, Square>("kind", "circle", "square");
    const auto issue = [&](std::string_view bytes) { return refusal(schema, raw(bytes)); };
    CHECK(issue("\x82\xa4kind\xa6"
                "circle\xa4kind\xa6"
                "square")
              .find("/kind: expected one field of this name, got \"square\"") != std::string::npos);
    CHECK(issue("\x83\xa1x\x01\xa4kind\xa6"
                "circle\xa4kind\xa6"
                "circle")
              .find("/kind: expected one field of this name, got \"circle\"") != std::string::npos);
  }
}
