#include "backing/redis/node_view.hpp"

#include <doctest/doctest.h>

#include "backing/redis/reply_reader.hpp"

using namespace persistance::backing::redis;

namespace {

const std::string otherNodes =
    "aaa 10.0.0.1:6379@16379,name master - 0 1426238317239 4 connected 100-200\n"
    "bbb :6380@16380 slave aaa 0 1426238316232 2 connected\n";

}  // namespace

TEST_SUITE("redis node view") {
  TEST_CASE("node view: slots that a node owns, sends and receives") {
    const NodeView view =
        readNodes(otherNodes +
                      "ccc 10.0.0.3:6379@16379 myself,master - 0 0 1 connected 0-99 300 [77->-aaa] "
                      "[100-<-aaa] [300->-bbb]\n",
                  "here");
    CHECK(textOf(view.owned) == "0-99,300");
    CHECK(textOf(view.leaving) == "77,300");
    CHECK(textOf(view.arriving) == "100");
    CHECK(view.targets.at(77) == Address("10.0.0.1", 6379));
    CHECK(view.targets.at(300) == Address("here", 6380));
  }

  TEST_CASE("node view: a replica owns nothing, and nor does a new node") {
    for (const std::string flags : {"myself,slave aaa", "myself,master -"}) {
      const NodeView view =
          readNodes("ccc 10.0.0.3:6379@16379 " + flags + " 0 0 1 connected\n" + otherNodes, "here");
      CHECK(view.owned.none());
    }
  }

  TEST_CASE("node view: a slot that goes to a node which nobody knows stays where it is") {
    const NodeView view =
        readNodes("ccc 10.0.0.3:6379@16379 myself,master - 0 0 1 connected 77 [77->-zzz]\n", "h");
    CHECK(view.owned[77]);
    CHECK(view.leaving.none());
  }

  TEST_CASE("node view: what is no list of nodes") {
    for (const std::string& text :
         {std::string(), std::string("x"), otherNodes, std::string("c h:1@2 myself\n"),
          std::string("c h:1@2 myself,master - 0 0 1 connected x\n"),
          std::string("c h:1@2 myself,master - 0 0 1 connected 16384\n"),
          std::string("c h:1@2 myself,master - 0 0 1 connected [x->-a]\n"),
          std::string("c h:1@2 myself,master - 0 0 1 connected [7->-a\n"),
          std::string("c h:1@2 myself,master - 0 0 1 connected [7]\n")}) {
      CAPTURE(text);
      CHECK_THROWS_AS(static_cast<void>(readNodes(text, "h")), ProtocolError);
    }
  }

  TEST_CASE("node view: the process is what INFO calls run_id") {
    CHECK(readProcess("# Server\r\nredis_version:7.0.15\r\nrun_id:abc\r\ntcp_port:1\r\n") == "abc");
    CHECK(readProcess("# Server\r\n").empty());
  }
}
