#include <doctest/doctest.h>

#include <map>
#include <unordered_map>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;
using schema::Issue;
using Issues = std::vector<Issue>;

}  // namespace

TEST_SUITE("schema map") {
  TEST_CASE("map: keys are text and come once") {
    const auto map = schema::map(schema::integer<int>());
    const std::map<std::string, int> value{{"", 0}, {"a", 1}, {std::string(40, 'k'), 2}};
    CHECK(map.decode(map.encode(value)) == value);
    using Hashed = std::unordered_map<std::string, int>;
    const auto hashed = schema::map<Hashed>(schema::integer<int>());
    CHECK(hashed.decode(map.encode(value)) == Hashed(value.begin(), value.end()));
    CHECK(issuesOf(map, raw("\x82\xa1"
                            "a\x01\xa1"
                            "a\x02")) == Issues{{"/a", "one entry of this key", "2"}});
    CHECK(issuesOf(map, raw("\x82\x05\x01\xa1"
                            "a\xc3")) ==
          Issues{{"", "a text key", "5"},
                 {"/a", "an integer from -2147483648 to 2147483647", "true"}});
    CHECK(encodeIssues(map, {{"\xff", 1}}).size() == 1);
    CHECK(issuesOf(map, json(1)) == Issues{{"", "an object", "1"}});
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
}
