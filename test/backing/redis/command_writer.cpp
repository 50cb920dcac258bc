#include "backing/redis/command_writer.hpp"

#include <doctest/doctest.h>
#include <hiredis/hiredis.h>

#include <string>
#include <vector>

using namespace persistance::backing::redis;

TEST_SUITE("redis command writer") {
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
        std::string get;
        CommandWriter(get).command("GET", first + second);
        CHECK((oneArgument("*2\r\n$3\r\nGET\r\n", first, second) == get));
      }
    }
  }
}
