#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;
using schema::Issue;
using Issues = std::vector<Issue>;

}  // namespace

TEST_SUITE("schema transform") {
  TEST_CASE("transform: either direction may refuse") {
    const auto hex = schema::transform<int>(
        schema::string(), [](const std::string& text) { return std::stoi(text, nullptr, 16); },
        [](int value) {
          if (value < 0) throw std::invalid_argument("negative");
          return std::to_string(value);
        });
    CHECK(hex.decode(json("1f")) == 31);
    CHECK(issuesOf(hex, json("zz")) == Issues{{"", "a value that converts", "stoi"}});
    CHECK(issuesOf(hex.expecting("hexadecimal digits"), json("zz")).at(0).expected ==
          "hexadecimal digits");
    CHECK(issuesOf(hex, json(1)) == Issues{{"", "a string", "1"}});
    CHECK(encodeIssues(hex, -1) == Issues{{"", "a value that converts", "negative"}});
    const auto memory = schema::transform<int>(
        schema::string(), [](const std::string&) -> int { throw std::bad_alloc(); },
        [](int) { return std::string(); });
    CHECK_THROWS_AS((void)memory.decode(json("")), std::bad_alloc);
  }
}
