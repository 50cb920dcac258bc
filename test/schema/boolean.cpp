#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;

}  // namespace

TEST_SUITE("schema boolean") {
  TEST_CASE("boolean: nothing else will do") {
    CHECK(schema::boolean().decode(schema::boolean().encode(true)));
    CHECK_FALSE(schema::boolean().decode(schema::boolean().encode(false)));
    for (const json& bad : {json(0), json(1), json("true"), json(nullptr), json::array()})
      CHECK(issuesOf(schema::boolean(), bad).size() == 1);
  }
}
