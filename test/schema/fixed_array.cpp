#include <doctest/doctest.h>

#include <array>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

struct Board {
  int cells[2][3] = {};
  std::string names[2];
  static auto schema() {
    return schema::object<Board>(schema::field("cells", &Board::cells),
                                 schema::field("names", &Board::names));
  }
};

}  // namespace

TEST_SUITE("schema fixed array") {
  TEST_CASE("fixed array: exactly as many items") {
    using Three = std::array<std::int64_t, 3>;
    const auto schema = schema::of<Three>();
    CHECK(again(schema, {1, 1LL << 40, -1}) == Three{1, 1LL << 40, -1});
    CHECK(text(schema, {1, 2, 3}) == "[1,2,3]");
    CHECK(refusal(schema, "[1,2]") == "expected 3 items, got 2");
    CHECK(refusal(schema, "[1,\"x\",3]").starts_with("/1: expected an integer"));
    CHECK(again(schema::of<std::array<int, 0>>(), {}).empty());
  }

  TEST_CASE("fixed array: arrays of C as members") {
    Board board;
    board.cells[1][2] = 7;
    board.names[0] = "a";
    CHECK(text(Board::schema(), board) == R"({"cells":[[0,0,0],[0,0,7]],"names":["a",""]})");
    const Board back = again(Board::schema(), board);
    CHECK(back.cells[1][2] == 7);
    CHECK(back.names[0] == "a");
    CHECK(refusal(Board::schema(), R"({"cells":[[0,0,0],[0,0]],"names":["",""]})") ==
          "/cells/1: expected 3 items, got 2");
  }
}
