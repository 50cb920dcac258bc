#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

enum class Color { red, green, blue };

auto colors() { return schema::enumeration<Color>({{Color::red, "red"}, {Color::green, "green"}}); }

}  // namespace

TEST_SUITE("schema enumeration") {
  TEST_CASE("enumeration: stored by name") {
    CHECK(again(colors(), Color::green) == Color::green);
    CHECK(text(colors(), Color::green) == R"("green")");
    CHECK(refusal(colors(), "\"blue\"") == R"(expected "red" or "green", got "blue")");
    CHECK(refusal(colors(), "1") == R"(expected "red" or "green", got 1)");
    CHECK(encodeRefusal(colors(), Color::blue) == R"(expected "red" or "green", got 2)");
    const std::vector<std::pair<Color, std::string>> twice{{Color::red, "x"}, {Color::blue, "x"}};
    CHECK_THROWS_AS((void)schema::enumeration(twice), std::invalid_argument);
  }
}
