#include "backing/redis/names.hpp"

#include <doctest/doctest.h>

#include "backing/redis/slot.hpp"

using namespace persistance::backing::redis;

TEST_SUITE("redis names") {
  TEST_CASE("names: no two pairs of store and key collide (B8), and the form is fixed") {
    CHECK(namesOf("persistance:", "users") + "ada" == "persistance:{}5:users:ada");
    CHECK(namesOf("p", "a") + "b:c" != namesOf("p", "a:b") + "c");
    CHECK(namesOf("p", "") + "1:a:" != namesOf("p", "1:a") + "");
    CHECK(namesOf("p", "1:1") + "x" != namesOf("p", "1") + "1:x");
  }

  TEST_CASE("names: braces in keys and ids are no hash tag: keys spread") {
    const std::string names = namesOf("persistance:", "{x}");
    CHECK(keySlot(names + "{t}1") != keySlot(names + "{t}2"));
    CHECK(keySlot(names + "{t}1") != keySlot("t"));
    CHECK(keySlot(names + "a") != keySlot("x"));
  }

  TEST_CASE("patterns: glob characters stand for themselves (B6)") {
    CHECK(patternOf("p{}1:a:") == "p{}1:a:*");
    CHECK(patternOf("*?[a-z]\\^") == "\\*\\?\\[a-z\\]\\\\^*");
  }
}
