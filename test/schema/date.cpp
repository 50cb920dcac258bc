#include <doctest/doctest.h>

#include <chrono>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

using Date = std::chrono::year_month_day;
Date date(int year, unsigned month, unsigned day) {
  return {std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
}

}  // namespace

TEST_SUITE("schema date") {
  TEST_CASE("date: days of the calendar") {
    const auto schema = schema::of<Date>();
    CHECK(text(schema, date(2024, 2, 29)) == "\"2024-02-29\"");
    for (const Date& day : {date(0, 1, 1), date(1969, 12, 31), date(9999, 12, 31)})
      CHECK(again(schema, day) == day);
    for (const Date& day : {date(2023, 2, 29), date(-1, 1, 1), date(10000, 1, 1), Date()})
      CHECK_FALSE(encodeRefusal(schema, day).empty());
    for (const char* wrong : {"\"2023-02-29\"", "\"2023-2-1\"", "\"2023-02-01Z\"", "1", "\"\""})
      CHECK_FALSE(refusal(schema, wrong).empty());
    CHECK(schema::jsonSchema(schema)["format"] == "date");
  }
}
