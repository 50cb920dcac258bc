#include "backing/redis/slot_map.hpp"

#include <doctest/doctest.h>

#include "backing/redis/reply_reader.hpp"

using namespace persistance;
using namespace persistance::backing::redis;

namespace {

Reply parsed(const std::string& bytes) {
  ReplyReader reader({100000, 1000});
  reader.feed(bytes);
  Reply reply;
  REQUIRE(reader.next(reply));
  return reply;
}

}  // namespace

TEST_SUITE("redis slot map") {
  TEST_CASE("slots: what CLUSTER SLOTS says, with and without metadata and unknown hosts") {
    const std::string node =
        "*4\r\n$9\r\n127.0.0.1\r\n:7000\r\n$2\r\nid\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n";
    const std::string replica = "*3\r\n$0\r\n\r\n:7001\r\n$2\r\nid\r\n";
    const std::string unknown = "*3\r\n$1\r\n?\r\n:7002\r\n$2\r\nid\r\n";
    const auto ranges =
        readSlots(parsed("*2\r\n*4\r\n:0\r\n:100\r\n" + node + replica +
                         "*4\r\n:101\r\n:16383\r\n*2\r\n$-1\r\n" + ":7003\r\n" + unknown),
                  "me");
    REQUIRE(ranges.size() == 2);
    CHECK(ranges[0].last == 100);
    REQUIRE(ranges[0].nodes.size() == 2);
    CHECK(ranges[0].nodes[0].name() == "127.0.0.1:7000");
    CHECK(ranges[0].nodes[1].name() == "me:7001");
    REQUIRE(ranges[1].nodes.size() == 1);
    CHECK(ranges[1].nodes[0].name() == "me:7003");
    CHECK(readSlots(parsed("*0\r\n"), "me").empty());
    CHECK(readSlots(parsed("*1\r\n*3\r\n:0\r\n:1\r\n" + unknown), "me").empty());
  }

  TEST_CASE("slots: anything else is a protocol error, and no crash") {
    for (const char* bytes :
         {"+OK\r\n", "*1\r\n:1\r\n", "*1\r\n*2\r\n:0\r\n:16384\r\n", "*1\r\n*2\r\n:-1\r\n:5\r\n",
          "*1\r\n*2\r\n:5\r\n:4\r\n", "*1\r\n*1\r\n:5\r\n", "*1\r\n*3\r\n:0\r\n:1\r\n:7\r\n",
          "*1\r\n*3\r\n:0\r\n:1\r\n*1\r\n$1\r\nh\r\n",
          "*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n$1\r\nh\r\n:65536\r\n",
          "*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n:1\r\n:1\r\n", "*1\r\n*-1\r\n"}) {
      CAPTURE(bytes);
      CHECK_THROWS_AS(static_cast<void>(readSlots(parsed(bytes), "me")), ProtocolError);
    }
  }
}
