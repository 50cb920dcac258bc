#include "backing/expiry.hpp"

#include <doctest/doctest.h>

using namespace persistance::backing;
using std::chrono::hours;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

TEST_SUITE("backing expiry") {
  TEST_CASE("expiry: absolute, gone when expires <= now") {
    const Steady::time_point now(hours(1));
    const auto end = expiresAt(now, milliseconds(10));
    REQUIRE(end.has_value());
    CHECK(!isExpired(*end, now + milliseconds(9)));
    CHECK(isExpired(*end, now + milliseconds(10)));
    CHECK(isExpired(*end, now + milliseconds(11)));
  }

  TEST_CASE("expiry: what the clock cannot say is for ever (C2)") {
    const Steady::time_point now(hours(1));
    CHECK(!expiresAt(now, milliseconds::max()));
    CHECK(!expiresAt(Steady::time_point::max(), milliseconds(10)));
    CHECK(!expiresAt(Steady::time_point(), milliseconds(1LL << 62)));
    CHECK(expiresAt(now, std::chrono::duration_cast<milliseconds>(hours(24 * 36525))));
    CHECK(!expiresAt(Steady::time_point::min(), milliseconds::max()));
    CHECK(expiresAt(Steady::time_point::min(), milliseconds(1LL << 42)));
  }

  TEST_CASE("what is left is rounded up, and never overflows") {
    const Steady::time_point now(hours(1));
    CHECK(timeLeft(now + std::chrono::nanoseconds(1), now) == milliseconds(1));
    CHECK(timeLeft(now + milliseconds(5), now) == milliseconds(5));
    CHECK(timeLeft(now + milliseconds(5) + std::chrono::nanoseconds(1), now) == milliseconds(6));
    CHECK(timeLeft(Steady::time_point::max(), Steady::time_point::min()) > hours(1));
    CHECK(timeLeft(Steady::time_point::max(), Steady::time_point(hours(-1))) > hours(1));
  }
}
