#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

}  // namespace

TEST_SUITE("schema bytes") {
  TEST_CASE("bytes: not text, and text is not bytes") {
    const std::vector<std::byte> value{std::byte{0}, std::byte{0xff}, std::byte{'a'}};
    CHECK(again(schema::bytes(), value) == value);
    CHECK(again(schema::bytes(), {}) == std::vector<std::byte>());
    const std::vector<std::byte> big(70000, std::byte{1});
    CHECK(again(schema::bytes(), big) == big);
    CHECK(refusal(schema::bytes(), "\"YQ==\"") == R"(expected bytes, got "YQ==")");
    CHECK(refusal(schema::string(), schema::bytes().encode(value)) ==
          "expected a string, got 3 bytes");
  }
}
