#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;
using schema::Issue;

}  // namespace

TEST_SUITE("schema reader") {
  TEST_CASE("A5: truncated at every byte, each is an issue") {
    const Unknown whole = sampleSchema().encode(sample());
    for (std::size_t size = 0; size < whole.bytes().size(); ++size) {
      const Unknown cut = Unknown::fromBytes(whole.bytes().first(size));
      CHECK_FALSE(issuesOf(sampleSchema(), cut).empty());
      CHECK_FALSE(issuesOf(schema::json(), cut).empty());
      CHECK_FALSE(issuesOf(schema::unknown(), cut).empty());
    }
  }

  TEST_CASE("A5: every bit flipped, none crashes, and what decodes encodes again") {
    const Unknown whole = sampleSchema().encode(sample());
    for (std::size_t bit = 0; bit < 8 * whole.bytes().size(); ++bit) {
      std::vector<std::byte> bytes(whole.bytes().begin(), whole.bytes().end());
      bytes[bit / 8] ^= std::byte{1} << (bit % 8);
      std::vector<Issue> issues;
      Sample out;
      if (!schema::decode(sampleSchema(), bytes, out, issues)) {
        CHECK_FALSE(issues.empty());
      } else {
        CHECK(sampleSchema().decode(sampleSchema().encode(out)) == out);
      }
    }
  }

  TEST_CASE("what follows the value is an issue") {
    CHECK(issuesOf(schema::boolean(), raw("\xc3\xc3\xc3")) ==
          std::vector<Issue>{{"", "the end of the value", "2 more bytes"}});
  }

  TEST_CASE("no bytes at all, and the byte that is no value") {
    CHECK(issuesOf(schema::json(), raw("")).size() == 1);
    CHECK(issuesOf(schema::json(), raw("\xc1")).size() == 1);
    CHECK(issuesOf(schema::unknown(), raw("\xc1")).size() == 1);
    CHECK(issuesOf(schema::array(schema::boolean()), raw("\x91\xc1")).size() == 1);
  }

  TEST_CASE("an extension is not JSON") {
    CHECK(issuesOf(schema::json(), raw(std::string("\xd4\x01\0", 3))) ==
          std::vector<Issue>{{"", "a JSON value", "an extension of type 1"}});
    CHECK(issuesOf(schema::string(), raw(std::string("\xc7\x02\x05\0\0", 5))) ==
          std::vector<Issue>{{"", "a string", "an extension of type 5"}});
  }

  TEST_CASE("A3: NUL comes back; invalid UTF-8 is refused both ways") {
    const auto text = schema::string();
    const std::string nul("a\0b", 3);
    CHECK(text.decode(text.encode(nul)) == nul);
    for (const char* good : {"", "\u00e9", "\u20ac", "\U0001f600", "\ufffd", "\U0010ffff",
                             "twelve bytes and then \u00e9"})
      CHECK(text.decode(text.encode(good)) == good);
    for (const std::string bad :
         {"\xff", "\xc0\x80", "\xc1\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80",
          "\xf5\x80\x80\x80", "\xe2\x82", "\x80", "\xf0\x8f\xbf\xbf", "\xe0\x9f\xbf",
          "a long ascii start and \xe2\x28\xa1", "\xe2\x82\xac and a cut end \xf0\x9f\x98"}) {
      CAPTURE(bad);
      CHECK(encodeIssues(text, bad).size() == 1);
      CHECK(issuesOf(text, raw(static_cast<char>(0xa0 | std::min<std::size_t>(bad.size(), 31)) +
                               bad.substr(0, 31)))
                .size() == 1);
      CHECK_THROWS_AS(Unknown(json(bad)), PersistanceSchemaError);
      CHECK_THROWS_AS(Unknown(json{{bad, 1}}), PersistanceSchemaError);
      CHECK_FALSE(schema::detail::isUtf8(bad));
    }
  }
}
