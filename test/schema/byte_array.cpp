#include <doctest/doctest.h>

#include <array>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

template <class A>
void isBytes(const A& value) {
  CHECK(again(schema::of<A>(), value) == value);
  CHECK(schema::of<A>().encode(value).json().is_binary());
}

}  // namespace

TEST_SUITE("schema byte array") {
  TEST_CASE("byte array: bytes, whatever holds them") {
    isBytes(std::vector<std::byte>{std::byte{1}, std::byte{255}});
    isBytes(std::vector<std::uint8_t>{1, 255});
    isBytes(std::array<std::byte, 2>{std::byte{1}, std::byte{255}});
    isBytes(std::array<std::uint8_t, 2>{1, 255});
    using Two = std::array<std::byte, 2>;
    CHECK(refusal(schema::of<Two>(), schema::of<std::vector<std::uint8_t>>().encode({1, 2, 3})) ==
          "expected 2 bytes, got 3");
  }

  TEST_CASE("byte array: the array of numbers of before is read") {
    const auto schema = schema::of<std::vector<std::uint8_t>>();
    CHECK(schema.decode(nlohmann::json{1, 2, 255}) == std::vector<std::uint8_t>{1, 2, 255});
    const std::vector<std::uint8_t> many(300, 7);
    CHECK(schema.decode(schema::array(schema::integer<std::uint8_t>()).encode(many)) == many);
    CHECK(refusal(schema, "[1,256,-1]") ==
          "/1: expected an integer from 0 to 255, got 256; "
          "/2: expected an integer from 0 to 255, got -1");
    CHECK(refusal(schema, "\"x\"") == "expected bytes, got \"x\"");
    CHECK(schema::jsonSchema(schema)["items"]["maximum"] == 255);
  }
}
