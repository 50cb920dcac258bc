#include <doctest/doctest.h>

#include <string>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

}  // namespace

TEST_SUITE("schema u8string") {
  TEST_CASE("u8string: stored as any text") {
    const auto schema = schema::of<std::u8string>();
    CHECK(again(schema, u8"\u00e4\0b") == u8"\u00e4\0b");
    CHECK(schema.encode(u8"\u00e4") == schema::string().encode("\u00e4"));
    CHECK(refusal(schema, "1") == "expected a string, got 1");
  }
}
