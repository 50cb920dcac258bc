#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

}  // namespace

TEST_SUITE("schema literal") {
  TEST_CASE("literal: exactly one of the values") {
    const auto texts = schema::literal("draft", "published");
    CHECK(again(texts, "draft") == "draft");
    CHECK(refusal(texts, "\"gone\"") == R"(expected "draft" or "published", got "gone")");
    CHECK(refusal(texts, "{\"a\":[1]}") ==
          R"(expected "draft" or "published", got an object of 1 field)");
    CHECK(encodeRefusal(texts, "gone") == R"(expected "draft" or "published", got "gone")");
    const auto numbers = schema::literal(1, 2, 3);
    static_assert(std::is_same_v<decltype(numbers)::Value, int>);
    CHECK(again(numbers, 3) == 3);
    CHECK(refusal(numbers, "4") == "expected 1, 2 or 3, got 4");
    CHECK(refusal(numbers, "1.5") == "expected 1, 2 or 3, got 1.5");
    CHECK(refusal(schema::literal(true), "false") == "expected true, got false");
    const auto mixed = schema::literal("a", 1, nullptr);
    CHECK(refusal(mixed, "null").empty());
    CHECK(refusal(mixed, "1").empty());
    CHECK(refusal(mixed, "2") == R"(expected "a", 1 or null, got 2)");
  }
}
