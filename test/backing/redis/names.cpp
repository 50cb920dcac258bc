#include <doctest/doctest.h>
#include <hiredis/hiredis.h>

#include "backing/redis/command.hpp"
#include "backing/redis/key.hpp"
#include "backing/redis/slot.hpp"

using namespace persistance::redis;

TEST_SUITE("redis names") {
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

  TEST_CASE("commands: byte for byte what hiredis writes, whatever the arguments hold (B3)") {
    const std::vector<std::string> all{
        "",     "GET",      std::string(1, '\0'),    "a\r\n*1\r\n$4\r\nQUIT\r\n",
        "%s%n", "\xff\xfe", std::string(100000, 'x')};
    for (const std::string& first : all) {
      for (const std::string& second : all) {
        std::string ours;
        CommandWriter(ours).command("SET", first, second);
        std::string parts;
        CommandWriter writer(parts);
        writer.begin(3);
        writer.add("SET");
        writer.add(first.substr(0, first.size() / 2), first.substr(first.size() / 2));
        writer.add(second);
        const char* argv[] = {"SET", first.data(), second.data()};
        const std::size_t sizes[] = {3, first.size(), second.size()};
        char* theirs = nullptr;
        const int size = redisFormatCommandArgv(&theirs, 3, argv, sizes);
        REQUIRE(size > 0);
        CHECK((ours == std::string(theirs, static_cast<std::size_t>(size))));
        CHECK((parts == ours));
        redisFreeCommand(theirs);
      }
    }
  }
}
