#include <doctest/doctest.h>

#include <variant>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

struct Marker {
  std::monostate nothing;
  int x = 0;
  static auto schema() {
    return schema::object<Marker>(schema::field("nothing", &Marker::nothing),
                                  schema::field("x", &Marker::x));
  }
};

}  // namespace

TEST_SUITE("schema null") {
  TEST_CASE("null: a value that says nothing") {
    CHECK(text(schema::of<std::monostate>(), {}) == "null");
    CHECK(refusal(schema::null(), "0") == "expected null, got 0");
    CHECK(text(Marker::schema(), {}) == R"({"nothing":null,"x":0})");
    CHECK(Marker::schema().decode(nlohmann::json{{"x", 2}}).x == 2);
  }
}
