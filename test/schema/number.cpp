#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;
using schema::Issue;
using Issues = std::vector<Issue>;

constexpr std::uint64_t two40 = std::uint64_t{1} << 40;

}  // namespace

TEST_SUITE("schema number") {
  TEST_CASE("A1: an integer that does not fit is an issue, never another number") {
    const auto int32 = schema::integer<std::int32_t>();
    const std::string range = "an integer from -2147483648 to 2147483647";
    CHECK(issuesOf(int32, json(two40)) == std::vector<Issue>{{"", range, "1099511627776"}});
    CHECK(issuesOf(int32, json(-5000000000)) == std::vector<Issue>{{"", range, "-5000000000"}});
    CHECK(issuesOf(int32, json(3.9)) == std::vector<Issue>{{"", range, "3.9"}});
    CHECK(issuesOf(int32, json(3.0)) == std::vector<Issue>{{"", range, "3"}});
    CHECK(issuesOf(int32, json(true)) == std::vector<Issue>{{"", range, "true"}});
    CHECK(issuesOf(schema::integer<unsigned>(), json(-1)) ==
          std::vector<Issue>{{"", "an integer from 0 to 4294967295", "-1"}});
    CHECK(issuesOf(schema::integer<std::int8_t>(), json(128)).size() == 1);
    CHECK(issuesOf(schema::integer<std::int8_t>(), json(-129)).size() == 1);
    CHECK(issuesOf(schema::integer<std::int64_t>(), json(std::uint64_t{1} << 63)).size() == 1);
    CHECK(issuesOf(schema::integer<std::uint64_t>(), json(-1)).size() == 1);
  }

  TEST_CASE("integers come back exactly, at each edge of each width") {
    const auto both = [](auto value) {
      const auto schema = schema::integer<decltype(value)>();
      const Unknown encoded = schema.encode(value);
      CHECK(schema.decode(encoded) == value);
      return encoded.bytes().size();
    };
    CHECK(both(std::int64_t{0}) == 1);
    CHECK(both(std::int64_t{127}) == 1);
    CHECK(both(std::int64_t{128}) == 2);
    CHECK(both(std::int64_t{255}) == 2);
    CHECK(both(std::int64_t{256}) == 3);
    CHECK(both(std::int64_t{65536}) == 5);
    CHECK(both(std::int64_t{1} << 32) == 9);
    CHECK(both(std::int64_t{-1}) == 1);
    CHECK(both(std::int64_t{-32}) == 1);
    CHECK(both(std::int64_t{-33}) == 2);
    CHECK(both(std::int64_t{-129}) == 3);
    CHECK(both(std::int64_t{-32769}) == 5);
    CHECK(both(std::int64_t{-2147483649}) == 9);
    CHECK(both(std::numeric_limits<std::int64_t>::min()) == 9);
    CHECK(both(std::numeric_limits<std::int64_t>::max()) == 9);
    CHECK(both(std::numeric_limits<std::uint64_t>::max()) == 9);
    CHECK(both(std::numeric_limits<std::int8_t>::min()) == 2);
    CHECK(both(std::numeric_limits<std::uint16_t>::max()) == 3);
  }

  TEST_CASE("an integer may be stored wider than it needs to be") {
    for (const std::string& bytes :
         {std::string("\x05"), std::string("\xcc\x05"), std::string("\xcd\0\x05", 3),
          std::string("\xce\0\0\0\x05", 5), std::string("\xcf\0\0\0\0\0\0\0\x05", 9),
          std::string("\xd0\x05"), std::string("\xd1\0\x05", 3), std::string("\xd2\0\0\0\x05", 5),
          std::string("\xd3\0\0\0\0\0\0\0\x05", 9)}) {
      CHECK(schema::integer<std::uint8_t>().decode(raw(bytes)) == 5);
      CHECK(schema::number().decode(raw(bytes)) == 5.0);
    }
    CHECK(schema::integer<std::int8_t>().decode(raw("\xd1\xff\xff")) == -1);
  }

  TEST_CASE("A2: NaN and infinity are refused on the way in and on the way out") {
    for (const double bad :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
          -std::numeric_limits<double>::infinity()}) {
      CHECK(encodeIssues(schema::number(), bad).size() == 1);
      CHECK(encodeIssues(schema::number<float>(), static_cast<float>(bad)).size() == 1);
      CHECK_THROWS_AS(Unknown(json{{"a", bad}}), PersistanceSchemaError);
    }
    CHECK(issuesOf(schema::number(), raw(std::string("\xcb\x7f\xf8\0\0\0\0\0\0", 9))).size() == 1);
    CHECK(issuesOf(schema::number(), raw(std::string("\xca\x7f\x80\0\0", 5))).size() == 1);
    CHECK(issuesOf(schema::number<float>(), json(1e300)).size() == 1);
    CHECK(std::signbit(schema::number().decode(schema::number().encode(-0.0))));
  }

  TEST_CASE("integer and number: both ends are included") {
    const auto integer = schema::integer<int>().between(-5, 5);
    for (const int good : {-5, 0, 5}) CHECK(integer.decode(integer.encode(good)) == good);
    for (const int bad : {-6, 6, 300}) {
      CHECK(issuesOf(integer, json(bad)) ==
            Issues{{"", "an integer from -5 to 5", std::to_string(bad)}});
      CHECK(encodeIssues(integer, bad) == issuesOf(integer, json(bad)));
    }
    const auto number = schema::number().between(-0.5, 0.5);
    for (const double good : {-0.5, 0.0, 0.5}) CHECK(number.decode(number.encode(good)) == good);
    CHECK(issuesOf(number, json(0.75)) == Issues{{"", "a number from -0.5 to 0.5", "0.75"}});
    CHECK(encodeIssues(number, -0.75) == Issues{{"", "a number from -0.5 to 0.5", "-0.75"}});
    CHECK(issuesOf(schema::number().min(1), json(0)) ==
          Issues{{"", "a number of at least 1", "0"}});
    CHECK(issuesOf(schema::number().max(1), json(2)) == Issues{{"", "a number of at most 1", "2"}});
    CHECK(schema::number().decode(json(3)) == 3.0);
    CHECK(issuesOf(schema::number(), json(true)) == Issues{{"", "a number", "true"}});
    CHECK(issuesOf(schema::number(), json("1")) == Issues{{"", "a number", "\"1\""}});
    CHECK(schema::number<float>().decode(schema::number<float>().encode(0.1F)) == 0.1F);
  }
}
