#include <doctest/doctest.h>

#include <chrono>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

}  // namespace

TEST_SUITE("schema milliseconds") {
  TEST_CASE("milliseconds: whole ones, nothing is rounded") {
    const auto time = schema::millisecondsTime();
    const std::chrono::sys_time<std::chrono::milliseconds> value(1700000000123ms);
    CHECK(text(time, value) == "1700000000123");
    CHECK(again(time, value) == value);
    CHECK(again(time, decltype(value)(-1ms)) == decltype(value)(-1ms));
    const auto fine = schema::millisecondsDuration<std::chrono::microseconds>();
    CHECK(again(fine, 2000us) == 2000us);
    CHECK(encodeRefusal(fine, 2001us) ==
          "expected a whole number of milliseconds, got a part of one");
    CHECK_FALSE(refusal(fine, Unknown(nlohmann::json(INT64_MAX))).empty());
    CHECK_FALSE(refusal(schema::millisecondsDuration<std::chrono::seconds>(), "1500").empty());
  }
}
