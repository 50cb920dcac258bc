// Bytes of each released format, kept for ever: what was stored with them still decodes.

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <variant>

#include "schema/samples.hpp"

using namespace persistance;

namespace {

Unknown golden(const std::string& name) {
  std::ifstream file(PERSISTANCE_GOLDEN "/" + name, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), "no golden file " << name);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  return test::raw(bytes);
}

enum class Shade : std::uint8_t { light, dark };

struct Round {
  int radius = 0;
  friend bool operator==(const Round&, const Round&) = default;
  static auto schema() { return schema::versioned(schema::object<Round>()); }
};

/// Types that have had a schema since after the first file.
struct Later {
  std::set<int> set{1, 300};
  std::array<std::int16_t, 2> array{-1, 2};
  std::vector<std::uint8_t> bytes{1, 255};
  std::multimap<std::string, int> pairs{{"a", 1}, {"a", 2}};
  std::optional<std::variant<bool, std::string>> either = "text";
  std::chrono::year_month_day day{std::chrono::year(2024), std::chrono::month(2),
                                  std::chrono::day(29)};
  std::chrono::duration<double> length{1.5};
  Shade shade = Shade::dark;
  std::variant<Round, int, std::monostate> tagged = Round{3};
  std::variant<Round, int, std::monostate> boxed = 7;
  nlohmann::json tree = nlohmann::json::binary({1, 2}, 42);
  char name[8] = "abc";
  friend bool operator==(const Later& a, const Later& b) {
    return a.set == b.set && a.array == b.array && a.bytes == b.bytes && a.pairs == b.pairs &&
           a.either == b.either && a.day == b.day && a.length == b.length && a.shade == b.shade &&
           a.tagged == b.tagged && a.boxed == b.boxed && a.tree == b.tree &&
           std::string_view(a.name) == b.name;
  }
};

}  // namespace

template <>
struct persistance::schema::SchemaFor<std::variant<Round, int, std::monostate>> {
  static auto schema() {
    return variant<Round, int, std::monostate>("kind", "round", "number", "nothing");
  }
};

TEST_SUITE("schema golden") {
  TEST_CASE("a value of format 1 decodes, and is still written like that") {
    const Unknown stored = golden("schema_format_1.msgpack");
    CHECK(test::sampleSchema().decode(stored) == test::sample());
    CHECK(stored == test::sampleSchema().encode(test::sample()));
  }

  TEST_CASE("a versioned value of format 1 decodes, and is still written like that") {
    const auto doubled = [](int old) { return old * 2; };
    const auto schema =
        schema::versioned(schema::integer<int>(), schema::from(schema::integer<int>(), doubled));
    const Unknown stored = golden("schema_format_1_version_2.msgpack");
    CHECK(schema.decode(stored) == 42);
    CHECK(stored == schema.encode(42));
  }

  TEST_CASE("a value of the types that came later decodes, and is still written like that") {
    const auto schema = schema::object<Later>();
    const Unknown stored = golden("schema_format_1_later_types.msgpack");
    CHECK(schema.decode(stored) == Later());
    CHECK(stored == schema.encode(Later()));
  }
}
