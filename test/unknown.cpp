#include <doctest/doctest.h>

#include "schema/ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;
using schema::Issue;
using Issues = std::vector<Issue>;

}  // namespace

TEST_SUITE("unknown") {
  TEST_CASE("JSON comes back as it was") {
    for (const json& value :
         {json(nullptr), json(true), json(0), json(-1), json(std::uint64_t(-1)), json(1.5),
          json(""), json("text"), json::array(), json::object(), json::binary({1, 2, 255}),
          json{1, {2, {3, {{"a", {{"b", nullptr}}}}}}}, json(std::string(70000, 'x'))}) {
      const Unknown unknown(value);
      CHECK(unknown.json() == value);
      CHECK(unknown == Unknown::fromBytes(unknown.bytes()));
    }
  }

  TEST_CASE("a default Unknown is a null") {
    CHECK(Unknown() == Unknown(json(nullptr)));
    CHECK(Unknown().json() == nullptr);
    CHECK(Unknown().bytes().size() == 1);
  }

  TEST_CASE("a JSON object that has a key twice is refused") {
    CHECK_THROWS_AS((void)raw("\x82\xa1"
                              "a\x01\xa1"
                              "a\x02")
                        .json(),
                    PersistanceSchemaError);
  }

  TEST_CASE("issues of a JSON value have paths") {
    try {
      (void)Unknown(json{{"a", {1, std::numeric_limits<double>::infinity()}}, {"b/", "\xff"}});
      CHECK(false);
    } catch (const PersistanceSchemaError& error) {
      CHECK(error.method() == "encode");
      CHECK(error.errors() ==
            Issues{{"/a/1", "a finite number", "inf"}, {"/b~1", "valid UTF-8", "\"\\xff\""}});
    }
  }
}
