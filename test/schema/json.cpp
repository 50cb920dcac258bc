#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;

}  // namespace

TEST_SUITE("schema json") {
  TEST_CASE("json: a binary's subtype comes back") {
    for (const json& tree : {json::binary({1, 2, 3}, 42), json::binary({}, 0),
                             json::binary({1}, 0xffffffffffffffffU), json::binary({1, 2})})
      CHECK(Unknown(tree).json() == tree);
    const json inside = {{"a", {json::binary({1, 2, 3}, 42), 5}}};
    CHECK(Unknown(inside).json() == inside);
    CHECK(Unknown(json::binary({1}, 7)).json() != Unknown(json::binary({1}, 8)).json());
    CHECK(refusal(schema::json(), raw(std::string_view("\xc9\x00\x00\x00\x01\x03\x05", 7))) ==
          "expected a JSON value, got an extension of type 3");
    CHECK(refusal(schema::json(), raw(std::string_view("\xc9\x00\x00\x00\x01\x02\xa0", 7))) ==
          "expected a JSON value, got an extension of type 2");
  }
}
