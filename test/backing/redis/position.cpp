#include "backing/redis/position.hpp"

#include <doctest/doctest.h>

#include "backing/redis/position_text.hpp"

using namespace persistance::backing::redis;

namespace {

NodeView owning(const char* owned, const char* leaving = "", const char* arriving = "",
                const char* process = "p") {
  NodeView made;
  made.process = process;
  made.owned = *slotsOf(owned);
  made.leaving = *slotsOf(leaving);
  made.arriving = *slotsOf(arriving);
  return made;
}

/// A whole scan: how the node looks at its begin, after its first step and after its last.
void wholeScan(Position& position, const NodeView& begin, const NodeView& middle,
               const NodeView& end, bool abroad = false) {
  position.begin(begin, abroad);
  REQUIRE(position.scan.has_value());
  if (position.narrow(middle)) position.advance(middle, 7);
  if (!position.scan) return;
  if (position.narrow(end)) position.advance(end, 0);
  CHECK_FALSE(position.scan.has_value());
}

}  // namespace

TEST_SUITE("redis position") {
  TEST_CASE("position: a scan covers what its node owned all along") {
    Position position;
    wholeScan(position, owning("0-9"), owning("0-9"), owning("0-9"));
    CHECK(textOf(position.covered) == "0-9");
    CHECK(position.next() == 10U);
    wholeScan(position, owning("0-20"), owning("5-30"), owning("5-16383"));
    CHECK(textOf(position.covered) == "0-20");
    wholeScan(position, owning("21-16383"), owning("21-16383"), owning("21-16383"));
    CHECK_FALSE(position.next().has_value());
  }

  TEST_CASE("position: a slot that was away for a step is not covered") {
    Position position;
    wholeScan(position, owning("0-9"), owning("0-4,6-9"), owning("0-9"));
    CHECK(textOf(position.covered) == "0-4,6-9");
    CHECK(position.next() == 5U);
  }

  TEST_CASE(
      "position: slots on their way are covered where they come from and then where they go") {
    Position position;
    wholeScan(position, owning("0-9"), owning("0-9", "3,5,7"), owning("0-9", "3,7,8"));
    CHECK(textOf(position.covered) == "0-2,4,6,9");
    CHECK(textOf(position.leaving) == "3,7-8");  // 5 may have come back: it is to be scanned again
    CHECK(position.next() == 3U);
    wholeScan(position, owning("20", "", "3,8"), owning("20", "", "3,8"), owning("3,20", "", "8"),
              true);
    CHECK(textOf(position.covered) == "0-4,6,8-9");
    CHECK(textOf(position.leaving) == "7");
  }

  TEST_CASE("position: a slot that went back while it was scanned abroad is to be scanned again") {
    Position position;
    wholeScan(position, owning("3-4", "3"), owning("3-4", "3"), owning("3-4", "3"));
    CHECK(textOf(position.leaving) == "3");
    wholeScan(position, owning("9", "", "3"), owning("9", "", "3"), owning("9"), true);
    CHECK(textOf(position.covered) == "4");
  }

  TEST_CASE("position: another process has to be scanned from its start") {
    Position position;
    position.begin(owning("0-9"), false);
    CHECK_FALSE(position.narrow(owning("0-5", "", "", "q")));
    REQUIRE(position.scan.has_value());
    CHECK(textOf(position.scan->slots) == "6-9");
    CHECK_FALSE(position.narrow(owning("0-9", "", "", "q")));
    CHECK_FALSE(position.scan.has_value());
    CHECK(position.covered.none());
  }

  TEST_CASE("position: a node that has nothing to be scanned for begins no scan") {
    Position position;
    position.covered = *slotsOf("0-9");
    position.begin(owning("5-9"), false);
    CHECK_FALSE(position.scan.has_value());
    position.begin(owning("5-9"), true);
    CHECK_FALSE(position.scan.has_value());
  }

  TEST_CASE("position: as text and back") {
    Position position;
    CHECK(writePosition(position) == "/");
    position.covered = *slotsOf("0-9");
    position.leaving = *slotsOf("20");
    position.scan.emplace();
    position.scan->process = "abc";
    position.scan->abroad = true;
    position.scan->slots = *slotsOf("30-40");
    position.scan->cursor = 18446744073709551615U;
    for (const bool part : {false, true}) {
      if (part) {
        position.scan->part.emplace();
        position.scan->part->end = 5;
        position.scan->part->last = std::string("\0/\xff", 3);
      }
      const std::string text = writePosition(position);
      const auto read = readPosition(text);
      REQUIRE(read.has_value());
      CHECK(writePosition(*read) == text);
      CHECK(text.find_first_not_of("0123456789abcdef/,-") == std::string::npos);
      REQUIRE(read->scan.has_value());
      CHECK(read->scan->part.has_value() == part);
      if (part) CHECK(read->scan->part->last == position.scan->part->last);
      for (std::size_t size = 0; size < text.size(); ++size) {
        static_cast<void>(readPosition(text.substr(0, size)));
      }
    }
  }
}
