#include <doctest/doctest.h>

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
}
