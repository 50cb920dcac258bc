#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;
using schema::Issue;
using Issues = std::vector<Issue>;

struct Sparse {
  std::optional<int> a;
  int b = 0;
  friend bool operator==(const Sparse&, const Sparse&) = default;
};
auto sparseSchema() {
  return schema::object<Sparse>(schema::field("a", &Sparse::a), schema::field("b", &Sparse::b));
}

}  // namespace

TEST_SUITE("schema optional") {
  TEST_CASE("optional: null and missing are nullopt; nullopt is left out of an object") {
    CHECK(sparseSchema().encode({std::nullopt, 1}).json() == json{{"b", 1}});
    CHECK(sparseSchema().decode(json{{"a", nullptr}, {"b", 1}}) == Sparse{std::nullopt, 1});
    CHECK(sparseSchema().decode(json{{"b", 1}}) == Sparse{std::nullopt, 1});
    CHECK(sparseSchema().decode(json{{"a", 2}, {"b", 1}}) == Sparse{2, 1});
    const auto list = schema::array(schema::optional(schema::integer<int>()));
    CHECK(list.encode({1, std::nullopt, 3}).json() == json{1, nullptr, 3});
    CHECK(list.decode(json{1, nullptr, 3}) == std::vector<std::optional<int>>{1, std::nullopt, 3});
    CHECK(encodeIssues(schema::optional(schema::json()), json(nullptr)) ==
          Issues{{"", "a value that is not null", "null"}});
    Sparse reused{7, 7};
    Issues issues;
    CHECK(schema::decode(sparseSchema(), Unknown(json{{"b", 1}}).bytes(), reused, issues));
    CHECK(reused == Sparse{std::nullopt, 1});
  }
}
