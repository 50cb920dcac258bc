#include <doctest/doctest.h>

#include <chrono>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

}  // namespace

TEST_SUITE("schema time") {
  TEST_CASE("time: ISO 8601 text, to the last digit") {
    const auto schema = schema::isoTime();
    const auto time =
        std::chrono::sys_days(std::chrono::year(2024) / 2 / 29) + 12h + 5min + 6s + 123456789ns;
    CHECK(text(schema, time) == "\"2024-02-29T12:05:06.123456789Z\"");
    CHECK(again(schema, time) == time);
    CHECK(schema.decode(nlohmann::json("2024-02-29T14:05:06.123456789+02:00")) == time);
    CHECK(schema.decode(nlohmann::json("2024-02-29T10:35:06.1234567890-01:30")) == time);
    const std::chrono::system_clock::time_point before{-1ns};
    CHECK(text(schema, before) == "\"1969-12-31T23:59:59.999999999Z\"");
    CHECK(again(schema, before) == before);
    for (const char* bad :
         {"\"2023-02-29T00:00:00Z\"", "\"2024-02-29\"", "\"2024-02-29T24:00:00Z\"",
          "\"2024-02-29T00:00:60Z\"", "\"2024-02-29T00:00:00\"", "\"2024-02-29T00:00:00.Z\"",
          "\"2024-02-29T00:00:00.0000000001Z\"", "\"2024-02-29T00:00:00+24:00\"",
          "\"2024-02-29 00:00:00Z\"", "\"2024-13-01T00:00:00Z\"", "\"2024-02-29T00:00:00Zz\"",
          "\"9999-01-01T00:00:00Z\"", "\"\"", "1"}) {
      CAPTURE(bad);
      CHECK(refusal(schema, bad).starts_with("expected a time as in 2024-02-29T12:00:00.5Z, got"));
    }
    const auto seconds = schema::isoTime<std::chrono::sys_seconds>();
    CHECK(refusal(seconds, "\"9999-12-31T23:59:59Z\"").empty());
    CHECK(refusal(seconds, "\"0000-01-01T00:00:00Z\"").empty());
    CHECK_FALSE(refusal(seconds, "\"2024-02-29T00:00:00.5Z\"").empty());
    const auto last = seconds.decode(nlohmann::json("9999-12-31T23:59:59Z"));
    CHECK(again(seconds, last) == last);
    CHECK_FALSE(encodeRefusal(seconds, last + 1s).empty());
    CHECK_FALSE(encodeRefusal(seconds, std::chrono::sys_seconds::max()).empty());
    CHECK_FALSE(encodeRefusal(seconds, std::chrono::sys_seconds::min()).empty());
  }

  TEST_CASE("duration: ISO 8601 text, in any mixture of units") {
    const auto schema = schema::isoDuration<std::chrono::nanoseconds>();
    const auto check = [&](std::chrono::nanoseconds value, const std::string& printed) {
      CHECK(schema.encode(value).json().get<std::string>() == printed);
      CHECK(again(schema, value) == value);
    };
    check(0s, "PT0S");
    check(1500ms, "PT1.5S");
    check(-1ns, "-PT0.000000001S");
    check(26h + 3min, "P1DT2H3M");
    check(48h, "P2D");
    check(-(90s + 250ms), "-PT1M30.25S");
    check(std::chrono::nanoseconds::max(), "P106751DT23H47M16.854775807S");
    CHECK(schema.decode(nlohmann::json("P1W")) == 7 * 24h);
    CHECK(schema.decode(nlohmann::json("PT90M")) == 90min);
    for (const char* bad :
         {"P", "PT", "P1DT", "1D", "PT1", "P1H", "PT1D", "PT1S1M", "PT1.5M", "P1Y", "PT-1S",
          "PT1.S", "PT.5S", "PT99999999999999999999S", "P99999999999D"}) {
      CAPTURE(bad);
      CHECK_FALSE(refusal(schema, Unknown(nlohmann::json(bad))).empty());
    }
    CHECK_FALSE(refusal(schema::isoDuration<std::chrono::seconds>(), "\"PT0.5S\"").empty());
    CHECK_FALSE(refusal(schema::isoDuration<std::chrono::hours>(), "\"PT30M\"").empty());
    const auto extreme = schema::isoDuration<std::chrono::seconds>();
    CHECK(refusal(extreme, "\"PT9223372036854775807S\"").empty());
    (void)encodeRefusal(extreme, std::chrono::seconds::min());
  }

  TEST_CASE("time: the shortest and the longest duration come back") {
    using Seconds = std::chrono::seconds;
    for (const Seconds length : {Seconds::min(), Seconds::max(), Seconds::min() + Seconds(1)})
      CHECK(again(schema::isoDuration<Seconds>(), length) == length);
  }
}
