#include <doctest/doctest.h>

#include <map>
#include <unordered_map>

#include <persistance/schema/json_as.hpp>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;
using namespace std::chrono_literals;

struct Point {
  int x = 0;
  int y = 0;
  friend bool operator==(const Point&, const Point&) = default;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Point, x, y)
};

struct Foreign {
  int value = 0;
};

struct Event {
  std::chrono::system_clock::time_point at;
  std::chrono::seconds length{0};
  std::pair<int, std::string> pair;
  std::tuple<int, bool> tuple;
  std::vector<std::byte> bytes;
  std::map<int, std::string> names;
  friend bool operator==(const Event&, const Event&) = default;
  static auto schema() {
    return schema::object<Event>(
        schema::field("at", &Event::at), schema::field("length", &Event::length),
        schema::field("pair", &Event::pair), schema::field("tuple", &Event::tuple),
        schema::field("bytes", &Event::bytes), schema::field("names", &Event::names));
  }
};

}  // namespace

template <>
struct persistance::schema::SchemaFor<Foreign> {
  static auto schema() { return object<Foreign>(field("value", &Foreign::value)); }
};

TEST_SUITE("schema of") {
  TEST_CASE("of: declared, specialised, built in, or by way of JSON") {
    CHECK(schema::of<bool>().decode(json(true)));
    CHECK(schema::of<std::uint8_t>().decode(json(255)) == 255);
    CHECK(schema::of<float>().decode(json(0.5)) == 0.5F);
    CHECK(schema::of<std::string>().decode(json("x")) == "x");
    CHECK(schema::of<json>().decode(json{1, {{"a", nullptr}}}) == json{1, {{"a", nullptr}}});
    CHECK(schema::of<Unknown>().decode(json{1, 2}) == Unknown(json{1, 2}));
    CHECK(schema::of<Foreign>().decode(json{{"value", 3}}).value == 3);
    CHECK(schema::of<Address>().decode(json{{"street", "s"}}) == Address{"s", std::nullopt});
    CHECK(schema::of<Point>().decode(json{{"x", 1}, {"y", 2}}) == Point{1, 2});
    using Nested = std::map<std::string, std::vector<std::optional<Point>>>;
    const Nested nested{{"a", {Point{1, 2}, std::nullopt}}, {"b", {}}};
    CHECK(schema::of<Nested>().decode(schema::of<Nested>().encode(nested)) == nested);
    const auto hashed = schema::of<std::unordered_map<std::string, Address>>();
    CHECK(hashed.decode(json{{"k", {{"street", "s"}}}}).size() == 1);
  }

  TEST_CASE("of: every one of these is built in") {
    const Event event{std::chrono::sys_days(std::chrono::year(2024) / 1 / 2) + 3h,
                      90s,
                      {1, "one"},
                      {2, true},
                      {std::byte{7}},
                      {{1, "a"}}};
    CHECK(again(schema::of<Event>(), event) == event);
    CHECK(schema::of<Event>().encode(event).json()["at"] == "2024-01-02T03:00:00Z");
  }
}
