#include "backing/redis/url.hpp"

#include <doctest/doctest.h>
#include <stdexcept>

using namespace persistance::backing::redis;

namespace {

std::string errorOf(const std::vector<std::string>& texts) {
  try {
    static_cast<void>(parseUrls(texts));
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_SUITE("redis url") {
  TEST_CASE("url: every form") {
    struct Row {
      const char* text;
      const char* name;
      bool tls;
      const char* user;
      const char* password;
      unsigned database;
    };
    for (const Row& row : {
             Row{"redis://localhost", "localhost:6379", false, "", "", 0},
             Row{"redis://localhost/", "localhost:6379", false, "", "", 0},
             Row{"redis://h:1234/7", "h:1234", false, "", "", 7},
             Row{"rediss://h:1234", "h:1234", true, "", "", 0},
             Row{"redis://:secret@h", "h:6379", false, "", "secret", 0},
             Row{"redis://ada:se%3Acret%40@h", "h:6379", false, "ada", "se:cret@", 0},
             Row{"redis://ada:a@b@h:1", "h:1", false, "ada", "a@b", 0},
             Row{"redis://[::1]:6380/2", "[::1]:6380", false, "", "", 2},
             Row{"redis://[::1]", "[::1]:6379", false, "", "", 0},
             Row{"unix:///run/redis.sock", "/run/redis.sock", false, "", "", 0},
             Row{"unix://:pw@/run/redis.sock?db=3", "/run/redis.sock", false, "", "pw", 3},
         }) {
      CAPTURE(row.text);
      const Url url = parseUrl(row.text);
      CHECK(url.address.name() == row.name);
      CHECK(url.tls == row.tls);
      CHECK(url.user == row.user);
      CHECK(url.password == row.password);
      CHECK(url.database == row.database);
    }
  }

  TEST_CASE("url: what is wrong is said, and the text is never repeated") {
    for (const char* text : {"", "localhost", "http://:secret@h", "redis://", "redis://:secret@",
                             "redis://u:secret@h:0", "redis://u:secret@h:65536",
                             "redis://u:secret@h:x", "redis://u:secret@h/x", "redis://u:secret%@h",
                             "redis://u:secret%zz@h", "redis://secret@h", "unix://:secret@run",
                             "unix:///", "unix:///s?x=secret", "redis://[::1", "redis://[::1]x"}) {
      CAPTURE(text);
      const std::string error = errorOf({text});
      CHECK(error.starts_with("redis url: "));
      CHECK(error.find("secret") == std::string::npos);
    }
    CHECK(errorOf({}).starts_with("redis url: "));
  }

  TEST_CASE("url: several seeds share one set of credentials") {
    const auto urls = parseUrls({"redis://a", "redis://u:p@b:1", "redis://c"});
    CHECK(urls.size() == 3);
    CHECK(urls.front().password == "p");
    CHECK(urls.front().user == "u");
    CHECK(errorOf({"redis://u:p@a", "redis://u:q@b"}).find("credentials") != std::string::npos);
    CHECK(errorOf({"redis://a", "rediss://b"}).find("TLS") != std::string::npos);
    CHECK(errorOf({"redis://a/1", "redis://b/2"}).find("database") != std::string::npos);
  }

  TEST_CASE("redirect addresses: the last colon divides, no host means the one that answered") {
    Address address;
    CHECK(parseAddress("127.0.0.1:6381", "x", address));
    CHECK(address.name() == "127.0.0.1:6381");
    CHECK(parseAddress("::1:6381", "x", address));
    CHECK(address.name() == "[::1]:6381");
    CHECK(parseAddress(":6381", "x", address));
    CHECK(address.name() == "x:6381");
    CHECK(parseAddress("?:6381", "x", address));
    CHECK(address.name() == "x:6381");
    for (const char* text : {"", "h", "h:", "h:0", "h:65536", "h:1x", ":"}) {
      CHECK_FALSE(parseAddress(text, "x", address));
    }
    CHECK_FALSE(parseAddress(std::string(300, 'h') + ":1", "x", address));
  }
}
