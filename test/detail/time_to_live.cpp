#include <persistance/detail/time_to_live.hpp>

#include <doctest/doctest.h>

#include <limits>

using persistance::detail::toMilliseconds;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST_SUITE("detail time to live") {
  TEST_CASE("sub-millisecond times to live are rounded up") {
    CHECK(toMilliseconds(1500us) == 2ms);
    CHECK(toMilliseconds(1ns) == 1ms);
    CHECK(toMilliseconds(2000us) == 2ms);
    CHECK(toMilliseconds(-1us) == 0ms);
    CHECK(toMilliseconds(2s) == 2000ms);
    CHECK(toMilliseconds(std::chrono::duration<double>(0.0015)) == 2ms);
  }

  TEST_CASE("times to live out of range are the nearest there is") {
    CHECK(toMilliseconds(std::chrono::hours::max()) == milliseconds::max());
    CHECK(toMilliseconds(std::chrono::hours::min()) == milliseconds::min());
    CHECK(toMilliseconds(milliseconds::max()) == milliseconds::max());
    const std::chrono::duration<double> notANumber(std::numeric_limits<double>::quiet_NaN());
    CHECK(toMilliseconds(notANumber) == milliseconds::min());
  }
}
