#include <doctest/doctest.h>

#include <map>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

enum class Color { red, green, blue };

auto colors() { return schema::enumeration<Color>({{Color::red, "red"}, {Color::green, "green"}}); }

enum class Season : std::int8_t { summer, winter = 5, monsoon = -3 };
enum Plain : unsigned { plainA = 1, plainB = 255 };

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

  TEST_CASE("enumeration: the enumerators by their names") {
    const auto schema = schema::of<Season>();
    CHECK(text(schema, Season::winter) == "\"winter\"");
    for (const Season season : {Season::summer, Season::winter, Season::monsoon})
      CHECK(again(schema, season) == season);
    CHECK(encodeRefusal(schema, static_cast<Season>(77)) ==
          R"(expected "monsoon", "summer" or "winter", got 77)");
    CHECK(refusal(schema, "1") == R"(expected "monsoon", "summer" or "winter", got 1)");
    CHECK(text(schema::of<Plain>(), plainB) == "\"plainB\"");
    CHECK(again(schema::of<std::map<Season, bool>>(), {{Season::summer, true}}).size() == 1);
    CHECK_THROWS_AS((void)schema::of<std::byte>(), std::invalid_argument);
  }
}
