#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;
using schema::Issue;
using Issues = std::vector<Issue>;

struct Pair {
  std::optional<int> a;
  int b = 0;
  friend bool operator==(const Pair&, const Pair&) = default;
};
auto pairSchema() {
  return schema::object<Pair>(schema::field("a", &Pair::a), schema::field("b", &Pair::b));
}

}  // namespace

TEST_SUITE("schema optional") {
  TEST_CASE("optional: null and missing are nullopt; nullopt is left out of an object") {
    CHECK(pairSchema().encode({std::nullopt, 1}).json() == json{{"b", 1}});
    CHECK(pairSchema().decode(json{{"a", nullptr}, {"b", 1}}) == Pair{std::nullopt, 1});
    CHECK(pairSchema().decode(json{{"b", 1}}) == Pair{std::nullopt, 1});
    CHECK(pairSchema().decode(json{{"a", 2}, {"b", 1}}) == Pair{2, 1});
    const auto list = schema::array(schema::optional(schema::integer<int>()));
    CHECK(list.encode({1, std::nullopt, 3}).json() == json{1, nullptr, 3});
    CHECK(list.decode(json{1, nullptr, 3}) == std::vector<std::optional<int>>{1, std::nullopt, 3});
    CHECK(encodeIssues(schema::optional(schema::json()), json(nullptr)) ==
          Issues{{"", "a value that is not null", "null"}});
    Pair reused{7, 7};
    Issues issues;
    CHECK(schema::decode(pairSchema(), Unknown(json{{"b", 1}}).bytes(), reused, issues));
    CHECK(reused == Pair{std::nullopt, 1});
  }
}
