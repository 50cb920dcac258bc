#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

struct Account {
  std::string owner;
  static auto schema() {
    return schema::annotate(
               schema::object<Account>(schema::field("owner", &Account::owner,
                                                     schema::annotate(schema::string().nonEmpty())
                                                         .title("Owner")
                                                         .example("Ada")
                                                         .example("Bob"))))
        .title("An account")
        .description("Who pays");
  }
};

}  // namespace

TEST_SUITE("schema annotate") {
  TEST_CASE("annotate: JSON Schema says it to people, and nothing else changes") {
    const auto document = schema::jsonSchema(Account::schema());
    CHECK(document["title"] == "An account");
    CHECK(document["description"] == "Who pays");
    CHECK(document["properties"]["owner"]["title"] == "Owner");
    CHECK(document["properties"]["owner"]["examples"] == nlohmann::json{"Ada", "Bob"});
    CHECK(document["properties"]["owner"]["minLength"] == 1);
    CHECK(again(Account::schema(), {"x"}).owner == "x");
    CHECK(refusal(Account::schema(), R"({"owner":""})") ==
          "/owner: expected at least 1 character, got \"\"");
    CHECK_THROWS_AS((void)schema::annotate(schema::string().nonEmpty()).example(""),
                    PersistanceSchemaError);
  }
}
