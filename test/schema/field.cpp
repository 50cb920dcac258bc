#include <doctest/doctest.h>

#include <map>
#include <stdexcept>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

struct Settings {
  int port = 0;
  std::string host;
  std::optional<int> limit;
  friend bool operator==(const Settings&, const Settings&) = default;
};

struct Defaults {
  int versioned = 0;
  std::vector<std::byte> bytes;
};

struct Login {
  std::string name;
  std::string password;
  std::map<std::string, int> codes;
};

}  // namespace

TEST_SUITE("schema field") {
  TEST_CASE("field: a default stands in for a field that is missing, not for one that is wrong") {
    const auto schema = schema::object<Settings>(
        schema::field("port", &Settings::port).withDefault(8080),
        schema::field("host", &Settings::host).from("hostname").from("server"),
        schema::field("limit", &Settings::limit).withDefault(5));
    CHECK(schema.decode(nlohmann::json::parse(R"({"host":"h"})")) == Settings{8080, "h", 5});
    CHECK(schema.decode(nlohmann::json::parse(R"({"hostname":"h","port":1,"limit":null})")) ==
          Settings{1, "h", std::nullopt});
    CHECK(schema.decode(nlohmann::json::parse(R"({"server":"h"})")).host == "h");
    CHECK(text(schema, {8080, "h", 1}) == R"({"host":"h","limit":1,"port":8080})");
    CHECK(refusal(schema, R"({"host":"a","hostname":"b"})") ==
          R"(/hostname: expected one field of this name, got "b")");
    CHECK(refusal(schema, R"({"hostname":1,"port":"x"})") ==
          "/hostname: expected a string, got 1; "
          "/port: expected an integer from -2147483648 to 2147483647, got \"x\"");
    CHECK(refusal(schema, "{}") == "/host: expected a value, got nothing");
    CHECK(refusal(schema.strict(), R"({"server":"h"})").empty());
    CHECK_THROWS_AS(
        (void)schema::object<Settings>(schema::field("port", &Settings::port),
                                       schema::field("host", &Settings::host).from("port")),
        std::invalid_argument);
  }

  TEST_CASE("field: a default outside of the limits, and a buffer as a name, are refused") {
    const auto port = schema::field("port", &Settings::port, schema::integer<int>().min(10));
    CHECK_THROWS_WITH_AS((void)port.withDefault(3), doctest::Contains("default of the field port"),
                         std::invalid_argument);
    CHECK_NOTHROW((void)port.withDefault(10));
    const char buffer[8] = "port";
    CHECK_THROWS_AS((void)schema::field(buffer, &Settings::port), std::invalid_argument);
  }

  TEST_CASE("field: a default in JSON Schema is what JSON can have of it") {
    const auto schema = schema::object<Defaults>(
        schema::field("versioned", &Defaults::versioned, schema::versioned(schema::integer<int>()))
            .withDefault(3),
        schema::field("bytes", &Defaults::bytes).withDefault({std::byte{1}}));
    const auto properties = schema::jsonSchema(schema)["properties"];
    CHECK(properties["versioned"]["default"] == 3);
    CHECK_FALSE(properties["bytes"].contains("default"));
  }

  TEST_CASE("field: a secret shows in no error, nor do keys inside of it") {
    const auto login = schema::object<Login>(
        schema::field("name", &Login::name, schema::string().nonEmpty()),
        schema::field("password", &Login::password, schema::string().minLength(20)).secret(),
        schema::field("codes", &Login::codes).secret().from("pins"));
    CHECK(encodeRefusal(login, {"", "hunter2", {}}) ==
          "/name: expected at least 1 character, got \"\"; "
          "/password: expected at least 20 characters, got a hidden value");
    for (const char* wrong :
         {R"({"name":5,"password":"hunter2","codes":{"hunter3":"hunter4"}})",
          R"({"name":5,"password":{"hunter2":1},"pins":{"hunter3":"hunter4"}})", R"("hunter2")",
          R"(["hunter2"])", R"({"password":"hunter2","password2":"hunter3"})"}) {
      for (const auto& strict : {login, login.strict()})
        CHECK(refusal(strict, wrong).find("hunter") == std::string::npos);
    }
    const auto nested = schema::map(schema::optional(schema::array(login)));
    CHECK(refusal(nested, R"({"k":[{"name":"a","password":"hunter2","codes":{}}]})") ==
          "/k/0/password: expected at least 20 characters, got a hidden value");
    CHECK(refusal(nested, R"({"k":"hunter2"})") == "/k: expected an array, got a hidden value");
    const auto ruled = schema::transform<int>(
        login, [](const Login& value) -> int { throw std::runtime_error(value.password); },
        [](int) { return Login(); });
    CHECK(refusal(ruled, R"({"name":"a","password":"12345678901234567890","codes":{}})") ==
          "expected a value that converts, got a hidden value");
    CHECK(schema::jsonSchema(login)["properties"]["password"]["writeOnly"] == true);
  }
}
