#include <doctest/doctest.h>

#include <chrono>
#include <limits>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

}  // namespace

TEST_SUITE("schema real duration") {
  TEST_CASE("real duration: the number that it counts") {
    using Hours = std::chrono::duration<double, std::ratio<3600>>;
    const auto schema = schema::of<Hours>();
    for (const double count : {0.1, -1e300, std::numeric_limits<double>::denorm_min()})
      CHECK(again(schema, Hours(count)).count() == count);
    CHECK(text(schema, Hours(1.5)) == "1.5");
    CHECK_FALSE(encodeRefusal(schema, Hours(std::numeric_limits<double>::infinity())).empty());
    CHECK(refusal(schema, "\"PT1S\"") == "expected a number, got \"PT1S\"");
    CHECK(again(schema::of<std::chrono::duration<float>>(), std::chrono::duration<float>(0.1F))
              .count() == 0.1F);
  }
}
