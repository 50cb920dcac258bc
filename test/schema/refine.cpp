#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;
using schema::Issue;
using Issues = std::vector<Issue>;

struct Holder {
  std::optional<int> a;
  int b = 0;
};

struct Perhaps {
  std::optional<int> value;
};

struct Span {
  int start = 0;
  int end = 0;
};

}  // namespace

TEST_SUITE("schema refine") {
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
    const auto record = schema::object<Holder>(schema::field("a", &Holder::a, present));
    CHECK(issuesOf(record, json::object()) == Issues{{"/a", "a value", "nothing"}});
  }

  TEST_CASE("refine: an optional field that may not be empty is refused on both sides") {
    const auto schema = schema::object<Perhaps>(
        schema::field("value", &Perhaps::value,
                      schema::refine(
                          schema::optional(schema::integer<int>()),
                          [](const std::optional<int>& x) { return x.has_value(); }, "a number")));
    CHECK(encodeRefusal(schema, {}) == "/value: expected a number, got null");
    CHECK_FALSE(refusal(schema, "{}").empty());
    CHECK(again(schema, {3}).value == 3);
  }

  TEST_CASE("refine: the issue of a rule over several fields may be at one of them") {
    const auto span = schema::refine(
        schema::object<Span>(), [](const Span& s) { return s.start <= s.end; },
        "an end after the start");
    CHECK(refusal(span, R"({"start":2,"end":1})") ==
          "expected an end after the start, got an object of 2 fields");
    CHECK(refusal(schema::array(span.at("end")), R"([{"start":2,"end":1}])") ==
          "/0/end: expected an end after the start, got an object of 2 fields");
    CHECK(encodeRefusal(span.at("inner", "end"), {2, 1}).starts_with("/inner/end: expected"));
  }
}
