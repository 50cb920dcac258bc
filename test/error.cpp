#include <persistance/error.hpp>

#include <doctest/doctest.h>

using namespace persistance;

TEST_SUITE("error") {
  TEST_CASE("a backing error says method, key, code and detail") {
    const PersistanceBackingError error("get", "k\n1", make_error_code(BackingErrc::timeout),
                                        "2 s");
    CHECK(error.method() == "get");
    CHECK(error.key() == "k\n1");
    CHECK(error.code() == BackingErrc::timeout);
    CHECK(error.error() == nullptr);
    CHECK(std::string(error.what()) == R"(get "k\x0a1": the deadline passed: 2 s)");
  }

  TEST_CASE("a schema error says every issue") {
    const PersistanceSchemaError error("set", "", {{"/age", "an integer", "true"}, {"", "x", "y"}});
    CHECK(error.errors().size() == 2);
    CHECK(std::string(error.what()) ==
          "set: /age: expected an integer, got true; expected x, got y");
  }

  TEST_CASE("catching PersistanceError catches both kinds") {
    CHECK_THROWS_AS(throw PersistanceSchemaError("set", "k", {}), PersistanceError);
    CHECK_THROWS_AS(throw PersistanceBackingError("set", "k", BackingErrc::io, ""),
                    PersistanceError);
  }

  TEST_CASE("every code has a message of its own") {
    for (int code = 1; code <= static_cast<int>(BackingErrc::unsupported); ++code)
      CHECK(make_error_code(static_cast<BackingErrc>(code)).message() != "unknown backing error");
    CHECK(backingCategory().message(999) == "unknown backing error");
  }
}
