#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

struct UserV1 {
  std::string name;
};
struct UserV2 {
  std::string first;
  std::string last;
};
struct User {
  std::string first;
  std::string last;
  int visits = 0;
  friend bool operator==(const User&, const User&) = default;
};

auto v1() { return schema::object<UserV1>(schema::field("name", &UserV1::name)); }
auto v2() {
  return schema::object<UserV2>(schema::field("first", &UserV2::first),
                                schema::field("last", &UserV2::last));
}
auto v3() {
  return schema::object<User>(schema::field("first", &User::first),
                              schema::field("last", &User::last),
                              schema::field("visits", &User::visits));
}
UserV2 split(const UserV1& user) {
  const std::size_t space = user.name.find(' ');
  if (space == std::string::npos) throw std::runtime_error("no last name");
  return {user.name.substr(0, space), user.name.substr(space + 1)};
}
struct Maybe {
  std::optional<std::string> first;
};
User count(const UserV2& user) { return {user.first, user.last, 0}; }

auto users() {
  return schema::versioned(v3(), schema::from(v2(), count), schema::from(v1(), split));
}

}  // namespace

TEST_SUITE("schema versioned") {
  TEST_CASE("a value comes back, and says which version it was written under") {
    CHECK(again(users(), {"A", "B", 3}) == User{"A", "B", 3});
    const Unknown encoded = users().encode({"A", "B", 3});
    CHECK(encoded.bytes()[0] == std::byte{0xc9});
    CHECK(encoded.bytes()[5] == std::byte{1});
    CHECK(encoded.bytes()[6] == std::byte{3});
  }

  TEST_CASE("old values decode through the chain") {
    const auto old1 = schema::versioned(v1());
    const auto old2 = schema::versioned(v2(), schema::from(v1(), split));
    CHECK(users().decode(old1.encode({"Ann Lee"})) == User{"Ann", "Lee", 0});
    CHECK(users().decode(old2.encode({"Ann", "Lee"})) == User{"Ann", "Lee", 0});
  }

  TEST_CASE("a value without any version still reads, in the oldest form that takes it") {
    CHECK(users().decode(v1().encode({"Ann Lee"})) == User{"Ann", "Lee", 0});
    CHECK(users().decode(v2().encode({"Ann", "Lee"})) == User{"Ann", "Lee", 0});
    CHECK(users().decode(v3().encode({"Ann", "Lee", 4})) == User{"Ann", "Lee", 0});
    CHECK(users().unversioned(3).decode(v3().encode({"Ann", "Lee", 4})) == User{"Ann", "Lee", 4});
    CHECK(
        refusal(users().unversioned(3), v1().encode({"Ann Lee"})).starts_with("/first: expected"));
    CHECK(refusal(users(), "[1]") == "expected an object, got an array of 1 item");
  }

  TEST_CASE("A6: a value of a version that nobody here knows is an issue that names both") {
    const auto old2 = schema::versioned(v2(), schema::from(v1(), split));
    CHECK(refusal(old2, users().encode({"A", "B", 1})) ==
          "expected a value of version 1 to 2, got one of version 3");
    CHECK(
        refusal(schema::array(schema::versioned(v1())), schema::array(users()).encode({{}, {}})) ==
        "/0: expected a value of version 1, got one of version 3; "
        "/1: expected a value of version 1, got one of version 3");
  }

  TEST_CASE("dropping the oldest form keeps the numbers of the others") {
    const auto shorter = schema::versioned(v3(), schema::from(v2(), count)).oldest(2);
    CHECK(shorter.version() == 3);
    CHECK(shorter.encode({"A", "B", 1}) == users().encode({"A", "B", 1}));
    const auto old2 = schema::versioned(v2(), schema::from(v1(), split));
    CHECK(shorter.decode(old2.encode({"A", "B"})) == User{"A", "B", 0});
    CHECK(refusal(shorter, schema::versioned(v1()).encode({"A B"})) ==
          "expected a value of version 2 to 3, got one of version 1");
  }

  TEST_CASE("a migration that throws is an issue") {
    CHECK(refusal(users(), schema::versioned(v1()).encode({"Ann"})) ==
          "expected a value of an older version that converts, got no last name");
  }

  TEST_CASE("an unversioned value that does not convert is not taken for a newer form") {
    const auto lenient =
        schema::versioned(schema::object<Maybe>(schema::field("first", &Maybe::first)),
                          schema::from(v1(), [](const UserV1& user) -> Maybe {
                            if (user.name.find(' ') == std::string::npos)
                              throw std::runtime_error("no last name");
                            return {user.name};
                          }));
    CHECK(refusal(lenient, v1().encode({"Prince"})) ==
          "expected a value of an older version that converts, got no last name");
    CHECK(lenient.decode(v1().encode({"Ann Lee"})).first == "Ann Lee");
    CHECK(refusal(lenient, "{}").empty());  // no value of the oldest form
  }

  TEST_CASE("versions that are not in the list are refused when the schema is made") {
    CHECK_THROWS_AS((void)schema::versioned(v1()).oldest(0), std::invalid_argument);
    CHECK_THROWS_AS((void)schema::versioned(v1()).unversioned(2), std::invalid_argument);
    CHECK_THROWS_AS((void)users().unversioned(1).oldest(2), std::invalid_argument);
    CHECK(users().unversioned(3).version() == 3);
  }

  TEST_CASE("bytes say whether they hold a version, wherever it is") {
    const auto holds = [](const Unknown& value) { return schema::holdsVersions(value.bytes()); };
    CHECK(holds(users().encode({"A", "B", 3})));
    CHECK(holds(schema::array(users()).encode({{"A", "B", 3}})));
    CHECK(holds(schema::map(schema::optional(users())).encode({{"a", {}}, {"b", User()}})));
    CHECK_FALSE(holds(v3().encode({"A", "B", 3})));
    CHECK_FALSE(holds(Unknown()));
    CHECK_FALSE(holds(raw("")));
    CHECK_FALSE(holds(raw(std::string("\xd4\x05\x01", 3))));
    CHECK_FALSE(holds(raw("\xa6\xc9")));  // a text that is cut
    const Unknown whole = schema::array(users()).encode({{"A", "B", 3}});
    CHECK(holds(Unknown::fromBytes(whole.bytes().first(whole.bytes().size() - 1))));
  }

  TEST_CASE("damaged envelopes are issues") {
    const Unknown whole = users().encode({"A", "B", 3});
    for (std::size_t size = 0; size < whole.bytes().size(); ++size)
      CHECK_FALSE(refusal(users(), Unknown::fromBytes(whole.bytes().first(size))).empty());
    for (std::size_t bit = 0; bit < 8 * 6; ++bit) {
      std::vector<std::byte> bytes(whole.bytes().begin(), whole.bytes().end());
      bytes[bit / 8] ^= std::byte{1} << (bit % 8);
      CHECK_FALSE(refusal(users(), Unknown::fromBytes(bytes)).empty());
    }
    CHECK(refusal(users(), raw(std::string("\xd4\x05\x01", 3))) ==
          "expected an object, got an extension of type 5");
  }

  TEST_CASE("versions nest") {
    const auto list = schema::array(schema::versioned(schema::array(users())));
    const std::vector<std::vector<User>> value{{{"A", "B", 1}}, {}};
    CHECK(again(list, value) == value);
  }
}
