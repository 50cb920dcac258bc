#include "backing/redis/slot_set.hpp"

#include <doctest/doctest.h>

using namespace persistance::backing::redis;

TEST_SUITE("redis slot set") {
  TEST_CASE("slot sets: as text and back") {
    for (const char* text : {"", "0", "16383", "0-16383", "1-2", "0,2,4-6,16383"}) {
      const auto slots = slotsOf(text);
      REQUIRE(slots.has_value());
      CHECK(textOf(*slots) == text);
    }
    CHECK(slotsOf("0-16383")->all());
    CHECK(slotsOf("7,8,9-11")->count() == 5);
    CHECK_FALSE(firstOf(SlotSet()).has_value());
    CHECK(firstOf(*slotsOf("77-80")) == 77U);
  }

  TEST_CASE("slot sets: what is no such text") {
    for (const char* text : {"x", "-1", "16384", "0-16384", "2-1", "1-", "-", ",", "1,,2", " 1",
                             "1 ", "1-2-3", "99999999999999999999"}) {
      CAPTURE(text);
      CHECK_FALSE(slotsOf(text).has_value());
    }
  }
}
