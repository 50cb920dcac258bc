#include "backing/redis/slot.hpp"

#include <doctest/doctest.h>

using namespace persistance::backing::redis;

TEST_SUITE("redis slot") {
  TEST_CASE("slot: the specification's values, and its rules for braces (B7)") {
    CHECK(keySlot("123456789") == 0x31c3);
    CHECK(keySlot("") == 0);
    CHECK(keySlot("foo") == 12182);
    CHECK(keySlot("{user1000}.following") == keySlot("user1000"));
    CHECK(keySlot("foo{bar}{zap}") == keySlot("bar"));
    CHECK(keySlot("foo{{bar}}zap") == keySlot("{bar"));
    CHECK(keySlot("foo{}{bar}") != keySlot("bar"));
    CHECK(keySlot("foo{bar") == keySlot("foo{bar"));
    CHECK(keySlot("}a{b}") == keySlot("b"));
  }
}
