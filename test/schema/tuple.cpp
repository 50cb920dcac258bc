#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

}  // namespace

TEST_SUITE("schema tuple") {
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
}
