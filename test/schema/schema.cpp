#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;

struct Couple {
  std::optional<int> a;
  int b = 0;
  friend bool operator==(const Couple&, const Couple&) = default;
};
auto coupleSchema() {
  return schema::object<Couple>(schema::field("a", &Couple::a), schema::field("b", &Couple::b));
}

}  // namespace

TEST_SUITE("schema schema") {
  TEST_CASE("Schema<A> hides which one it is, and nests like any other") {
    const Schema<Couple> pair = coupleSchema();
    const Schema<std::optional<int>> maybe = schema::optional(schema::integer<int>());
    const auto record = schema::object<Couple>(schema::field("a", &Couple::a, maybe),
                                               schema::field("b", &Couple::b));
    CHECK(record.decode(json{{"b", 1}}) == Couple{std::nullopt, 1});
    CHECK(record.encode({std::nullopt, 1}) == pair.encode({std::nullopt, 1}));
    Schema<Couple> copy = pair;
    Schema<Couple> moved = std::move(copy);
    CHECK(copy.decode(json{{"b", 1}}) == moved.decode(json{{"b", 1}}));
  }
}
