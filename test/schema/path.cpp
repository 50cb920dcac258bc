#include <doctest/doctest.h>

#include <filesystem>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

}  // namespace

TEST_SUITE("schema path") {
  TEST_CASE("path: text as it is spelled") {
    const auto schema = schema::of<std::filesystem::path>();
    CHECK(again(schema, "/var//log/../\u00e4.txt").string() == "/var//log/../\u00e4.txt");
    CHECK(text(schema, "a/b") == "\"a/b\"");
    CHECK(encodeRefusal(schema, "a\xff") == R"(expected valid UTF-8, got "a\xff")");
    CHECK(refusal(schema, "5") == "expected a string, got 5");
  }
}
