#include <persistance/schema.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace {

using namespace persistance;
using nlohmann::json;
using schema::Issue;

struct Address {
  std::string street;
  std::optional<std::string> zip;
  friend bool operator==(const Address&, const Address&) = default;
  static auto schema() {
    return schema::object<Address>(schema::field("street", &Address::street),
                                   schema::field("zip", &Address::zip));
  }
};

struct User {
  std::string name;
  int age = 0;
  std::vector<std::string> tags;
  std::optional<Address> address;
  std::map<std::string, double> scores;
  friend bool operator==(const User&, const User&) = default;
};

auto userSchema() {
  return schema::object<User>(
      schema::field("name", &User::name, schema::string().nonEmpty()),
      schema::field("age", &User::age, schema::integer<int>().between(0, 150)),
      schema::field("tags", &User::tags), schema::field("address", &User::address),
      schema::field("scores", &User::scores));
}

struct Point {
  int x = 0;
  int y = 0;
  friend bool operator==(const Point&, const Point&) = default;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Point, x, y)
};

template <class S>
std::vector<Issue> refusals(const S& schema, const json& value) {
  try {
    (void)schema.decode(Unknown(value));
  } catch (const PersistanceSchemaError& error) {
    return error.errors();
  }
  return {};
}

}  // namespace

TEST_SUITE("schema") {
  TEST_CASE("a record comes back as it was") {
    const User user{"Ann", 42, {"a", "b"}, Address{"Main St", std::nullopt}, {{"x", 1.5}}};
    const Schema<User> schema = userSchema();
    CHECK(schema.decode(schema.encode(user)) == user);
    CHECK(schema.encode(user).json() == json{{"name", "Ann"},
                                             {"age", 42},
                                             {"tags", {"a", "b"}},
                                             {"address", {{"street", "Main St"}}},
                                             {"scores", {{"x", 1.5}}}});
  }

  TEST_CASE("all issues are reported, with their paths") {
    const auto issues = refusals(userSchema(), {{"name", ""},
                                                {"age", 200},
                                                {"tags", {"a", 1, "b", true}},
                                                {"address", {{"street", nullptr}}},
                                                {"scores", {{"a/b~", "x"}}}});
    CHECK(issues == std::vector<Issue>{
                        {"/address/street", "a string", "null"},
                        {"/age", "an integer from 0 to 150", "200"},
                        {"/name", "at least 1 character", "\"\""},
                        {"/scores/a~1b~0", "a number", "\"x\""},
                        {"/tags/1", "a string", "1"},
                        {"/tags/3", "a string", "true"},
                    });
  }

  TEST_CASE("a type with to_json and from_json needs no schema") {
    const auto schema = schema::of<Point>();
    CHECK(schema.decode(schema.encode({1, 2})) == Point{1, 2});
    CHECK(refusals(schema, {{"x", 1}}).size() == 1);
  }
}
