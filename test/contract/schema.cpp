#include <nlohmann/json.hpp>

#include "contract/within.hpp"

namespace persistance::test::contract {
namespace {

using nlohmann::json;

struct User {
  std::string name;
  int age = 0;
  std::vector<std::string> tags;
  std::optional<std::string> nickname;

  friend bool operator==(const User&, const User&) = default;

  static auto schema() {
    return schema::object<User>(
        schema::field("name", &User::name, schema::string().nonEmpty()),
        schema::field("age", &User::age, schema::integer<int>().between(0, 150)),
        schema::field("tags", &User::tags), schema::field("nickname", &User::nickname));
  }
};

void records(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto users = co_await stores.make<User>("users");
    User ada{"Ada", 36, {"math", "poetry"}, std::nullopt};
    User grace{"Grace", 85, {}, "Amazing Grace"};
    co_await users.set("ada", ada);
    co_await users.set("grace", grace);
    CHECK(co_await users.get("ada") == ada);
    CHECK(co_await users.get("grace") == grace);
  });
}

void setThatDoesNotFit(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto users = co_await stores.make<User>("users");
    User good{"Ada", 36, {}, std::nullopt};
    User bad{"", 200, {"\xff"}, std::nullopt};
    co_await users.set("k", good);
    CHECK(co_await issues(users.set("k", bad)) == 3);
    CHECK(co_await users.get("k") == good);
  });
}

void setManyThatDoesNotFit(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto users = co_await stores.make<User>("users");
    User good{"Ada", 36, {}, std::nullopt};
    User bad{"", 36, {}, std::nullopt};
    std::vector<std::pair<std::string, User>> entries{{"a", good}, {"b", bad}, {"c", good}};
    bool failed = false;
    try {
      co_await users.setMany(entries);
    } catch (const PersistanceSchemaError& error) {
      failed = true;
      CHECK(error.method() == "setMany");
      CHECK(error.key() == "b");
    }
    CHECK(failed);
    CHECK(co_await users.get("a") == std::nullopt);
    CHECK(co_await users.get("c") == std::nullopt);
  });
}

// Writes what fits no User under "bad", and a User under "good".
asio::awaitable<void> writeBoth(SchemaPersistance& stores) {
  auto texts = co_await stores.make<std::string>("users");
  auto users = co_await stores.make<User>("users");
  User good{"Ada", 36, {}, std::nullopt};
  co_await texts.set("bad", "not a user");
  co_await users.set("good", good);
}

void getOfAnInvalidEntry(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    co_await writeBoth(stores);
    auto texts = co_await stores.make<std::string>("users");
    auto perOperation = co_await stores.make<User>("users");
    auto fail = co_await stores.make<User>("users", InvalidEntry::fail);
    auto miss = co_await stores.make<User>("users", InvalidEntry::miss);
    auto missAndRemove = co_await stores.make<User>("users", InvalidEntry::missAndRemove);
    CHECK(co_await issues(perOperation.get("bad")) == 1);
    CHECK(co_await issues(fail.get("bad")) == 1);
    CHECK(co_await miss.get("bad") == std::nullopt);
    CHECK(co_await texts.get("bad") == "not a user");
    CHECK(co_await missAndRemove.get("bad") == std::nullopt);
    CHECK(co_await texts.get("bad") == std::nullopt);
  });
}

void getManyOfAnInvalidEntry(const Subject& subject) {
  struct Expected {
    InvalidEntry policy;
    bool fails;
    bool stays;
  };
  for (const Expected& expected :
       {Expected{InvalidEntry::perOperation, false, false},
        Expected{InvalidEntry::fail, true, true}, Expected{InvalidEntry::miss, false, true},
        Expected{InvalidEntry::missAndRemove, false, false}}) {
    within(subject, [&](SchemaPersistance& stores) -> asio::awaitable<void> {
      co_await writeBoth(stores);
      auto users = co_await stores.make<User>("users", expected.policy);
      std::vector<std::string> keys{"bad", "good", "bad"};
      bool failed = false;
      try {
        const auto found = co_await users.getMany(keys);
        CHECK(!found[0]);
        CHECK(found[1]);
        CHECK(!found[2]);
      } catch (const PersistanceSchemaError& error) {
        failed = true;
        CHECK(error.method() == "getMany");
        CHECK(error.key() == "bad");
      }
      CHECK(failed == expected.fails);
      auto texts = co_await stores.make<std::string>("users");
      CHECK((co_await texts.get("bad")).has_value() == expected.stays);
      CHECK((co_await users.get("good")).has_value());
    });
  }
}

struct NameV1 {
  std::string name;
  static auto schema() {
    return schema::versioned(schema::object<NameV1>(schema::field("name", &NameV1::name)));
  }
};

struct NameV2 {
  std::string name;
  int age = 0;
  static auto schema() {
    return schema::versioned(schema::object<NameV2>(schema::field("name", &NameV2::name),
                                                    schema::field("age", &NameV2::age)),
                             schema::from(NameV1::schema().current(), [](const NameV1& old) {
                               NameV2 made;
                               made.name = old.name;
                               return made;
                             }));
  }
};

// Reads "k" and "list" as A, by both operations, with a policy that removes what does not fit.
template <class A>
asio::awaitable<void> readAsOther(SchemaPersistance& stores) {
  auto other = co_await stores.make<A>("people", InvalidEntry::missAndRemove);
  std::vector<std::string> keys{"k", "list"};
  (void)co_await other.getMany(keys);
  for (const std::string& key : keys) (void)co_await other.get(key);
}

void newerVersionStays(const Subject& subject) {
  within(subject, [](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto people = co_await stores.make<NameV2>("people");
    auto lists = co_await stores.make<std::vector<NameV2>>("people");
    NameV2 ada;
    ada.name = "Ada";
    ada.age = 36;
    std::vector<NameV2> two{ada, ada};
    co_await people.set("k", ada);
    co_await lists.set("list", two);
    co_await readAsOther<NameV1>(stores);
    co_await readAsOther<std::vector<NameV1>>(stores);
    co_await readAsOther<json>(stores);
    co_await readAsOther<int>(stores);
    co_await readAsOther<User>(stores);
    CHECK((co_await people.get("k")).has_value());
    CHECK((co_await lists.get("list")).has_value());
  });
}

}  // namespace

const std::vector<Check> schemaChecks{
    {"records with optional and repeated parts", records},
    {"set: a value that does not fit says all issues and nothing is written", setThatDoesNotFit},
    {"setMany: everything is encoded before anything is written", setManyThatDoesNotFit},
    {"get on a value that no longer fits its schema, under each policy", getOfAnInvalidEntry},
    {"getMany on a value that no longer fits its schema, under each policy",
     getManyOfAnInvalidEntry},
    {"no read by an older program, or as another type, removes a versioned value",
     newerVersionStays},
};

}  // namespace persistance::test::contract
