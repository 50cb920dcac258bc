// When a retry tries again.
#include <doctest/doctest.h>

#include "failing_layers.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer schedule") {
  TEST_CASE("a schedule is a plan") {
    using namespace std::chrono_literals;
    const auto plan = layer::Schedule::exponential(100ms).upTo(1s).times(5);
    CHECK(plan.next(1, nullptr, 0) == 100ms);
    CHECK(plan.next(2, nullptr, 0) == 200ms);
    CHECK(plan.next(5, nullptr, 0) == 1s);
    CHECK(plan.next(6, nullptr, 0) == std::nullopt);
    CHECK(plan.jittered().next(2, nullptr, 0) == 100ms);
    CHECK(plan.jittered().next(2, nullptr, 0.5) == 150ms);
    CHECK(plan.forever().next(100000, nullptr, 0) == 1s);
    CHECK(layer::Schedule::exponential(1s).forever().next(5000, nullptr, 0) == 24h);
    CHECK(layer::Schedule::spaced(7ms).next(10, nullptr, 0) == 7ms);
    CHECK(layer::Schedule::spaced(7ms).next(11, nullptr, 0) == std::nullopt);
    CHECK(layer::Schedule::immediate().next(1, nullptr, 0) == 0ms);
  }
}
