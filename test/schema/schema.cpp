#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;

struct Pair {
  std::optional<int> a;
  int b = 0;
  friend bool operator==(const Pair&, const Pair&) = default;
};
auto pairSchema() {
  return schema::object<Pair>(schema::field("a", &Pair::a), schema::field("b", &Pair::b));
}

}  // namespace

TEST_SUITE("schema schema") {
  TEST_CASE("Schema<A> hides which one it is, and nests like any other") {
    const Schema<Pair> pair = pairSchema();
    const Schema<std::optional<int>> maybe = schema::optional(schema::integer<int>());
    const auto record =
        schema::object<Pair>(schema::field("a", &Pair::a, maybe), schema::field("b", &Pair::b));
    CHECK(record.decode(json{{"b", 1}}) == Pair{std::nullopt, 1});
    CHECK(record.encode({std::nullopt, 1}) == pair.encode({std::nullopt, 1}));
    Schema<Pair> copy = pair;
    Schema<Pair> moved = std::move(copy);
    CHECK(copy.decode(json{{"b", 1}}) == moved.decode(json{{"b", 1}}));
  }
}
