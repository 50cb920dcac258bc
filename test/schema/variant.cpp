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

struct MovedBefore {
  int left = 0;
};

struct Moved {
  int left = 0;
  int top = 0;
  friend bool operator==(const Moved&, const Moved&) = default;
};

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

  TEST_CASE("variant: refined, versioned and annotated records, and values that are none") {
    const auto round = schema::refine(
        schema::of<Circle>(), [](const Circle& c) { return c.radius >= 0; }, "a real circle");
    const auto moved = schema::versioned(
        schema::object<Moved>(), schema::from(schema::object<MovedBefore>(),
                                              [](MovedBefore old) { return Moved{old.left, 1}; }));
    const auto schema = schema::variant(
        "kind", schema::alternative("circle", round), schema::alternative("moved", moved),
        schema::alternative<int>("number"), schema::alternative<std::monostate>("none"),
        schema::alternative("square", schema::annotate(schema::of<Square>()).title("A square")));
    using Value = decltype(schema)::Value;
    for (const Value& value : {Value(Circle{2}), Value(Moved{3, 4}), Value(5),
                               Value(std::monostate()), Value(Square{3, "s"})})
      CHECK(again(schema, value) == value);
    CHECK(text(schema, 5) == R"({"kind":"number","value":5})");
    CHECK(text(schema, std::monostate()) == R"({"kind":"none"})");
    CHECK(text(schema, Circle{2}) == R"({"kind":"circle","radius":2.0})");
    CHECK(refusal(schema, R"({"kind":"circle","radius":-1})") ==
          "expected a real circle, got an object of 2 fields");
    CHECK(refusal(schema, R"({"kind":"number","value":"x"})").starts_with("/value: expected an"));
    CHECK(encodeRefusal(schema, Circle{-1}) == "expected a real circle, got an object of 2 fields");
  }

  TEST_CASE("variant: a versioned alternative reads what was stored before") {
    const auto before =
        schema::variant("kind", schema::alternative<Circle>("circle"),
                        schema::alternative("moved", schema::object<MovedBefore>()));
    const auto now = schema::variant(
        "kind", schema::alternative<Circle>("circle"),
        schema::alternative("moved", schema::versioned(schema::object<Moved>().strict(),
                                                       schema::from(schema::object<MovedBefore>(),
                                                                    [](MovedBefore old) {
                                                                      return Moved{old.left, 1};
                                                                    }))));
    CHECK(std::get<Moved>(now.decode(before.encode(MovedBefore{7}))) == Moved{7, 1});
    const Unknown stored = now.encode(Moved{7, 8});
    CHECK(schema::holdsVersions(stored.bytes()));
    CHECK(std::get<Moved>(now.decode(stored)) == Moved{7, 8});
    CHECK_FALSE(refusal(before, stored).empty());
    const auto cut = stored.bytes();
    for (std::size_t size = 0; size < cut.size(); ++size)
      CHECK_FALSE(refusal(now, Unknown::fromBytes(cut.first(size))).empty());
    const auto other = schema::variant(
        "kind", schema::alternative("x", schema::versioned(schema::object<Moved>())));
    CHECK(refusal(other, stored) == R"(/kind: expected "x", got "moved")");
    CHECK(refusal(now, raw(std::string_view("\xc9\x00\x00\x00\x01\x01\x05", 7))).empty() == false);
  }
}
