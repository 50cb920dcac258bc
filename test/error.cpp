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

  TEST_CASE("a message has no control characters, whoever chose its words, and an end") {
    const std::string hostile = "k\n2026 ERROR root\x1b[31m\x7f\xff\u0085\u2028\u00e9";
    const PersistanceSchemaError error("set", hostile, {{"/" + hostile, "bad: " + hostile, "x"}});
    const std::string escaped = R"(k\x0a2026 ERROR root\x1b[31m\x7f\xff\xc2\x85\xe2\x80\xa8)"
                                "\u00e9";
    CHECK(std::string(error.what()).find("expected bad: " + escaped) != std::string::npos);
    CHECK(error.key() == hostile);
    CHECK(error.errors().front().path == "/" + hostile);
    std::vector<schema::Issue> many(1000, {"/\u00e9", "a number", "\n"});
    const std::string what = PersistanceSchemaError("set", "", many).what();
    CHECK(what.size() <= 1024);
    CHECK(what.size() > 1000);
    CHECK(what.ends_with("..."));
    CHECK(what.find('\n') == std::string::npos);
  }

  TEST_CASE("catching PersistanceError catches both kinds") {
    CHECK_THROWS_AS(throw PersistanceSchemaError("set", "k", {}), PersistanceError);
    CHECK_THROWS_AS(throw PersistanceBackingError("set", "k", BackingErrc::io, ""),
                    PersistanceError);
  }

  TEST_CASE("every code has a message of its own") {
    for (int code = 1; code <= static_cast<int>(BackingErrc::alreadyExists); ++code)
      CHECK(make_error_code(static_cast<BackingErrc>(code)).message() != "unknown backing error");
    CHECK(backingCategory().message(999) == "unknown backing error");
  }
}
