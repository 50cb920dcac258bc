#include <doctest/doctest.h>

#include <cstring>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

struct Label {
  char name[8] = "";
  static auto schema() { return schema::object<Label>(schema::field("name", &Label::name)); }
};

}  // namespace

TEST_SUITE("schema char array") {
  TEST_CASE("char array: text to the first NUL") {
    Label label;
    std::strcpy(label.name, "longer");
    std::strcpy(label.name, "abc");
    CHECK(text(Label::schema(), label) == R"({"name":"abc"})");
    CHECK(std::string(again(Label::schema(), label).name) == "abc");
    std::memcpy(label.name, "12345678", 8);
    CHECK(encodeRefusal(Label::schema(), label) ==
          "/name: expected text of at most 7 bytes without a NUL, got no NUL");
    CHECK(refusal(Label::schema(), R"({"name":"12345678"})") ==
          "/name: expected text of at most 7 bytes without a NUL, got \"12345678\"");
    CHECK(refusal(Label::schema(), R"({"name":"a\u0000b"})").starts_with("/name: expected text"));
  }
}
