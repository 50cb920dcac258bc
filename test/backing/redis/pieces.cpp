#include "backing/redis/pieces.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace persistance::backing::redis;

TEST_SUITE("redis pieces") {
  TEST_CASE("pieces: each key once, no piece too large, one slot each in a cluster") {
    std::vector<std::string> keys;
    for (int i = 0; i < 20000; ++i) keys.push_back("key " + std::to_string(i % 10000));
    keys.push_back(std::string(65536, 'x'));
    for (int i = 0; i < 40; ++i) keys.push_back(std::string(60000, 'y'));
    for (const bool cluster : {false, true}) {
      std::set<std::size_t> seen;
      for (const Piece& piece : piecesOf("names:", keys, cluster)) {
        CHECK(!piece.places.empty());
        CHECK(piece.places.size() <= 4096);
        std::size_t bytes = 0;
        for (const std::size_t place : piece.places) {
          CHECK(seen.insert(place).second);
          bytes += keys[place].size();
          if (cluster) CHECK(keySlot("names:" + keys[place]) == piece.slot);
        }
        CHECK(bytes <= (std::size_t{1} << 20));
      }
      CHECK(seen.size() == keys.size());
    }
  }

  TEST_CASE("pieces: alone, few keys are one piece in their order") {
    const std::vector<std::string> keys{"c", "a", "b", "a"};
    const std::vector<Piece> pieces = piecesOf("n", keys, false);
    REQUIRE(pieces.size() == 1);
    CHECK(pieces[0].places == std::vector<std::size_t>{0, 1, 2, 3});
    std::string wire;
    write(CommandWriter(wire), "MGET", "n", keys, pieces[0]);
    CHECK(wire == "*5\r\n$4\r\nMGET\r\n$2\r\nnc\r\n$2\r\nna\r\n$2\r\nnb\r\n$2\r\nna\r\n");
  }
}
