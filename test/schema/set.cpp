#include <doctest/doctest.h>

#include <set>
#include <unordered_set>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

}  // namespace

TEST_SUITE("schema set") {
  TEST_CASE("set: an array, each item once") {
    const auto schema = schema::of<std::set<int>>();
    CHECK(again(schema, {3, 1, 1 << 30}) == std::set<int>{1, 3, 1 << 30});
    CHECK(text(schema, {3, 1}) == "[1,3]");
    CHECK(refusal(schema, "[1,2,1]") == "/2: expected an item that has not come before, got 1");
    CHECK(refusal(schema, "[1,1099511627781]") ==
          "/1: expected an integer from -2147483648 to 2147483647, got 1099511627781");
    const std::unordered_set<std::string> words{"a", "b"};
    CHECK(again(schema::of<std::unordered_set<std::string>>(), words) == words);
    CHECK(schema::jsonSchema(schema)["type"] == "array");
  }

  TEST_CASE("set: the multi kinds take an item as often as it comes") {
    const std::multiset<int> numbers{1, 1, 2};
    CHECK(again(schema::of<std::multiset<int>>(), numbers) == numbers);
    CHECK(text(schema::set<std::multiset<int>>(schema::integer<int>()), numbers) == "[1,1,2]");
    CHECK(again(schema::set(schema::string()), {"b", "a"}) == std::set<std::string>{"a", "b"});
  }
}
