// The constructors that put others together, and those for less common types.
#include <doctest/doctest.h>

#include <unordered_map>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

enum class Color { red, green, blue };

auto colors() { return schema::enumeration<Color>({{Color::red, "red"}, {Color::green, "green"}}); }

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

struct Tree {
  int value = 0;
  std::vector<Tree> children;
  friend bool operator==(const Tree&, const Tree&) = default;
};
Schema<Tree> treeSchema() {
  return schema::object<Tree>(
      schema::field("value", &Tree::value),
      schema::field("children", &Tree::children, schema::array(schema::lazy(treeSchema))));
}

struct Settings {
  int port = 0;
  std::string host;
  std::optional<int> limit;
  friend bool operator==(const Settings&, const Settings&) = default;
};

struct Event {
  std::chrono::system_clock::time_point at;
  std::chrono::seconds length{0};
  std::pair<int, std::string> pair;
  std::tuple<int, bool> tuple;
  std::vector<std::byte> bytes;
  std::map<int, std::string> names;
  friend bool operator==(const Event&, const Event&) = default;
  static auto schema() {
    return schema::object<Event>(
        schema::field("at", &Event::at), schema::field("length", &Event::length),
        schema::field("pair", &Event::pair), schema::field("tuple", &Event::tuple),
        schema::field("bytes", &Event::bytes), schema::field("names", &Event::names));
  }
};

}  // namespace

TEST_SUITE("schema compound") {
  TEST_CASE("tuple: each element has its own schema, and their number is fixed") {
    const auto schema = schema::tuple(schema::integer<int>(), schema::string(), schema::boolean());
    CHECK(again(schema, {1, "x", true}) == std::tuple(1, std::string("x"), true));
    CHECK(text(schema, {1, "x", true}) == R"([1,"x",true])");
    CHECK(refusal(schema, R"(["a",1,true])") ==
          "/0: expected an integer from -2147483648 to 2147483647, got \"a\"; "
          "/1: expected a string, got 1");
    CHECK(refusal(schema, "[1,\"x\"]") == "expected 3 items, got 2");
    CHECK(refusal(schema, "[1,\"x\",true,4]") == "expected 3 items, got 4");
    CHECK(refusal(schema::array(schema), "[[1],[1,\"x\",true],{}]") ==
          "/0: expected 3 items, got 1; /2: expected an array, got an object of 0 fields");
    CHECK(again(schema::tuple(), {}) == std::tuple());
    const auto pair = schema::pair(schema::string(), schema::integer<int>());
    CHECK(again(pair, {"a", 1}) == std::pair<std::string, int>("a", 1));
  }

  TEST_CASE("literal: exactly one of the values") {
    const auto texts = schema::literal("draft", "published");
    CHECK(again(texts, "draft") == "draft");
    CHECK(refusal(texts, "\"gone\"") == R"(expected "draft" or "published", got "gone")");
    CHECK(refusal(texts, "{\"a\":[1]}") ==
          R"(expected "draft" or "published", got an object of 1 field)");
    CHECK(encodeRefusal(texts, "gone") == R"(expected "draft" or "published", got "gone")");
    const auto numbers = schema::literal(1, 2, 3);
    static_assert(std::is_same_v<decltype(numbers)::Value, int>);
    CHECK(again(numbers, 3) == 3);
    CHECK(refusal(numbers, "4") == "expected 1, 2 or 3, got 4");
    CHECK(refusal(numbers, "1.5") == "expected 1, 2 or 3, got 1.5");
    CHECK(refusal(schema::literal(true), "false") == "expected true, got false");
    const auto mixed = schema::literal("a", 1, nullptr);
    CHECK(refusal(mixed, "null").empty());
    CHECK(refusal(mixed, "1").empty());
    CHECK(refusal(mixed, "2") == R"(expected "a", 1 or null, got 2)");
  }

  TEST_CASE("enumeration: stored by name") {
    CHECK(again(colors(), Color::green) == Color::green);
    CHECK(text(colors(), Color::green) == R"("green")");
    CHECK(refusal(colors(), "\"blue\"") == R"(expected "red" or "green", got "blue")");
    CHECK(refusal(colors(), "1") == R"(expected "red" or "green", got 1)");
    CHECK(encodeRefusal(colors(), Color::blue) == R"(expected "red" or "green", got 2)");
    const std::vector<std::pair<Color, std::string>> twice{{Color::red, "x"}, {Color::blue, "x"}};
    CHECK_THROWS_AS((void)schema::enumeration(twice), std::invalid_argument);
  }

  TEST_CASE("bytes: not text, and text is not bytes") {
    const std::vector<std::byte> value{std::byte{0}, std::byte{0xff}, std::byte{'a'}};
    CHECK(again(schema::bytes(), value) == value);
    CHECK(again(schema::bytes(), {}) == std::vector<std::byte>());
    const std::vector<std::byte> big(70000, std::byte{1});
    CHECK(again(schema::bytes(), big) == big);
    CHECK(refusal(schema::bytes(), "\"YQ==\"") == R"(expected bytes, got "YQ==")");
    CHECK(refusal(schema::string(), schema::bytes().encode(value)) ==
          "expected a string, got 3 bytes");
  }

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

  TEST_CASE("lazy: a type that contains itself, to the depth limit and no deeper") {
    const Tree tree{1, {Tree{2, {Tree{3, {}}}}, Tree{4, {}}}};
    CHECK(again(treeSchema(), tree) == tree);
    CHECK(refusal(treeSchema(),
                  R"({"value":1,"children":[{"value":2,"children":[{"value":"x"}]}]})") ==
          "/children/0/children/0/children: expected a value, got nothing; "
          "/children/0/children/0/value: expected an integer from -2147483648 to 2147483647, "
          "got \"x\"");
    Tree deep;
    for (int i = 0; i < 31; ++i) {
      Tree next;
      next.children.push_back(std::move(deep));
      deep = std::move(next);
    }
    CHECK(again(treeSchema(), deep) == deep);
    for (int i = 0; i < 1000; ++i) {
      Tree next;
      next.children.push_back(std::move(deep));
      deep = std::move(next);
    }
    CHECK(encodeIssues(treeSchema(), deep).size() == 1);
  }

  TEST_CASE("map: keys that are not text make an array of pairs") {
    const auto map = schema::map(schema::integer<int>(), schema::string());
    CHECK(again(map, {{2, "b"}, {1, "a"}}) == std::map<int, std::string>{{1, "a"}, {2, "b"}});
    CHECK(text(map, {{2, "b"}, {1, "a"}}) == R"([[1,"a"],[2,"b"]])");
    CHECK(refusal(map, R"([[1,"a"],[1,"b"],["x",2],[3]])") ==
          "/1: expected a key that has not come before, got an array of 2 items; "
          "/2/0: expected an integer from -2147483648 to 2147483647, got \"x\"; "
          "/2/1: expected a string, got 2; /3: expected 2 items, got 1");
    const auto limited = schema::map(schema::integer<int>().min(0), schema::string().nonEmpty());
    CHECK(encodeRefusal(limited, {{-1, ""}, {1, "a"}}) ==
          "/0/0: expected an integer from 0 to 2147483647, got -1; "
          "/0/1: expected at least 1 character, got \"\"");
    using Hashed = std::unordered_map<int, std::string>;
    const auto hashed = schema::map<Hashed>(schema::integer<int>(), schema::string());
    CHECK(again(hashed, {{1, "a"}, {2, "b"}}) == Hashed{{1, "a"}, {2, "b"}});
  }

  TEST_CASE("field: a default stands in for a field that is missing, not for one that is wrong") {
    const auto schema = schema::object<Settings>(
        schema::field("port", &Settings::port).withDefault(8080),
        schema::field("host", &Settings::host).from("hostname").from("server"),
        schema::field("limit", &Settings::limit).withDefault(5));
    CHECK(schema.decode(nlohmann::json::parse(R"({"host":"h"})")) == Settings{8080, "h", 5});
    CHECK(schema.decode(nlohmann::json::parse(R"({"hostname":"h","port":1,"limit":null})")) ==
          Settings{1, "h", std::nullopt});
    CHECK(schema.decode(nlohmann::json::parse(R"({"server":"h"})")).host == "h");
    CHECK(text(schema, {8080, "h", 1}) == R"({"host":"h","limit":1,"port":8080})");
    CHECK(refusal(schema, R"({"host":"a","hostname":"b"})") ==
          R"(/hostname: expected one field of this name, got "b")");
    CHECK(refusal(schema, R"({"hostname":1,"port":"x"})") ==
          "/hostname: expected a string, got 1; "
          "/port: expected an integer from -2147483648 to 2147483647, got \"x\"");
    CHECK(refusal(schema, "{}") == "/host: expected a value, got nothing");
    CHECK(refusal(schema.strict(), R"({"server":"h"})").empty());
    CHECK_THROWS_AS(
        (void)schema::object<Settings>(schema::field("port", &Settings::port),
                                       schema::field("host", &Settings::host).from("port")),
        std::invalid_argument);
  }

  TEST_CASE("time: ISO 8601 text, to the last digit") {
    const auto schema = schema::isoTime();
    const auto time =
        std::chrono::sys_days(std::chrono::year(2024) / 2 / 29) + 12h + 5min + 6s + 123456789ns;
    CHECK(text(schema, time) == "\"2024-02-29T12:05:06.123456789Z\"");
    CHECK(again(schema, time) == time);
    CHECK(schema.decode(nlohmann::json("2024-02-29T14:05:06.123456789+02:00")) == time);
    CHECK(schema.decode(nlohmann::json("2024-02-29T10:35:06.1234567890-01:30")) == time);
    const std::chrono::system_clock::time_point before{-1ns};
    CHECK(text(schema, before) == "\"1969-12-31T23:59:59.999999999Z\"");
    CHECK(again(schema, before) == before);
    for (const char* bad :
         {"\"2023-02-29T00:00:00Z\"", "\"2024-02-29\"", "\"2024-02-29T24:00:00Z\"",
          "\"2024-02-29T00:00:60Z\"", "\"2024-02-29T00:00:00\"", "\"2024-02-29T00:00:00.Z\"",
          "\"2024-02-29T00:00:00.0000000001Z\"", "\"2024-02-29T00:00:00+24:00\"",
          "\"2024-02-29 00:00:00Z\"", "\"2024-13-01T00:00:00Z\"", "\"2024-02-29T00:00:00Zz\"",
          "\"9999-01-01T00:00:00Z\"", "\"\"", "1"}) {
      CAPTURE(bad);
      CHECK(refusal(schema, bad).starts_with("expected a time as in 2024-02-29T12:00:00.5Z, got"));
    }
    const auto seconds = schema::isoTime<std::chrono::sys_seconds>();
    CHECK(refusal(seconds, "\"9999-12-31T23:59:59Z\"").empty());
    CHECK(refusal(seconds, "\"0000-01-01T00:00:00Z\"").empty());
    CHECK_FALSE(refusal(seconds, "\"2024-02-29T00:00:00.5Z\"").empty());
    const auto last = seconds.decode(nlohmann::json("9999-12-31T23:59:59Z"));
    CHECK(again(seconds, last) == last);
    CHECK_FALSE(encodeRefusal(seconds, last + 1s).empty());
    CHECK_FALSE(encodeRefusal(seconds, std::chrono::sys_seconds::max()).empty());
    CHECK_FALSE(encodeRefusal(seconds, std::chrono::sys_seconds::min()).empty());
  }

  TEST_CASE("duration: ISO 8601 text, in any mixture of units") {
    const auto schema = schema::isoDuration<std::chrono::nanoseconds>();
    const auto check = [&](std::chrono::nanoseconds value, const std::string& printed) {
      CHECK(schema.encode(value).json().get<std::string>() == printed);
      CHECK(again(schema, value) == value);
    };
    check(0s, "PT0S");
    check(1500ms, "PT1.5S");
    check(-1ns, "-PT0.000000001S");
    check(26h + 3min, "P1DT2H3M");
    check(48h, "P2D");
    check(-(90s + 250ms), "-PT1M30.25S");
    check(std::chrono::nanoseconds::max(), "P106751DT23H47M16.854775807S");
    CHECK(schema.decode(nlohmann::json("P1W")) == 7 * 24h);
    CHECK(schema.decode(nlohmann::json("PT90M")) == 90min);
    for (const char* bad :
         {"P", "PT", "P1DT", "1D", "PT1", "P1H", "PT1D", "PT1S1M", "PT1.5M", "P1Y", "PT-1S",
          "PT1.S", "PT.5S", "PT99999999999999999999S", "P99999999999D"}) {
      CAPTURE(bad);
      CHECK_FALSE(refusal(schema, Unknown(nlohmann::json(bad))).empty());
    }
    CHECK_FALSE(refusal(schema::isoDuration<std::chrono::seconds>(), "\"PT0.5S\"").empty());
    CHECK_FALSE(refusal(schema::isoDuration<std::chrono::hours>(), "\"PT30M\"").empty());
    const auto extreme = schema::isoDuration<std::chrono::seconds>();
    CHECK(refusal(extreme, "\"PT9223372036854775807S\"").empty());
    (void)encodeRefusal(extreme, std::chrono::seconds::min());
  }

  TEST_CASE("milliseconds: whole ones, nothing is rounded") {
    const auto time = schema::millisecondsTime();
    const std::chrono::sys_time<std::chrono::milliseconds> value(1700000000123ms);
    CHECK(text(time, value) == "1700000000123");
    CHECK(again(time, value) == value);
    CHECK(again(time, decltype(value)(-1ms)) == decltype(value)(-1ms));
    const auto fine = schema::millisecondsDuration<std::chrono::microseconds>();
    CHECK(again(fine, 2000us) == 2000us);
    CHECK(encodeRefusal(fine, 2001us) ==
          "expected a whole number of milliseconds, got a part of one");
    CHECK_FALSE(refusal(fine, Unknown(nlohmann::json(INT64_MAX))).empty());
    CHECK_FALSE(refusal(schema::millisecondsDuration<std::chrono::seconds>(), "1500").empty());
  }

  TEST_CASE("of: every one of these is built in") {
    const Event event{std::chrono::sys_days(std::chrono::year(2024) / 1 / 2) + 3h,
                      90s,
                      {1, "one"},
                      {2, true},
                      {std::byte{7}},
                      {{1, "a"}}};
    CHECK(again(schema::of<Event>(), event) == event);
    CHECK(schema::of<Event>().encode(event).json()["at"] == "2024-01-02T03:00:00Z");
  }
}
