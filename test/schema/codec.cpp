// The codec against hostile bytes: fault catalogue, group A.
#include <doctest/doctest.h>

#include <cstring>
#include <persistance/schema.hpp>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;
using schema::Issue;

constexpr std::uint64_t two40 = std::uint64_t{1} << 40;

// nested[0xc0]..., `depth` arrays around a null
std::string arrays(std::size_t depth) { return std::string(depth, '\x91') + '\xc0'; }

}  // namespace

TEST_SUITE("schema codec") {
  TEST_CASE("A1: an integer that does not fit is an issue, never another number") {
    const auto int32 = schema::integer<std::int32_t>();
    const std::string range = "an integer from -2147483648 to 2147483647";
    CHECK(issuesOf(int32, json(two40)) == std::vector<Issue>{{"", range, "1099511627776"}});
    CHECK(issuesOf(int32, json(-5000000000)) == std::vector<Issue>{{"", range, "-5000000000"}});
    CHECK(issuesOf(int32, json(3.9)) == std::vector<Issue>{{"", range, "3.9"}});
    CHECK(issuesOf(int32, json(3.0)) == std::vector<Issue>{{"", range, "3"}});
    CHECK(issuesOf(int32, json(true)) == std::vector<Issue>{{"", range, "true"}});
    CHECK(issuesOf(schema::integer<unsigned>(), json(-1)) ==
          std::vector<Issue>{{"", "an integer from 0 to 4294967295", "-1"}});
    CHECK(issuesOf(schema::integer<std::int8_t>(), json(128)).size() == 1);
    CHECK(issuesOf(schema::integer<std::int8_t>(), json(-129)).size() == 1);
    CHECK(issuesOf(schema::integer<std::int64_t>(), json(std::uint64_t{1} << 63)).size() == 1);
    CHECK(issuesOf(schema::integer<std::uint64_t>(), json(-1)).size() == 1);
  }

  TEST_CASE("integers come back exactly, at each edge of each width") {
    const auto both = [](auto value) {
      const auto schema = schema::integer<decltype(value)>();
      const Unknown encoded = schema.encode(value);
      CHECK(schema.decode(encoded) == value);
      return encoded.bytes().size();
    };
    CHECK(both(std::int64_t{0}) == 1);
    CHECK(both(std::int64_t{127}) == 1);
    CHECK(both(std::int64_t{128}) == 2);
    CHECK(both(std::int64_t{255}) == 2);
    CHECK(both(std::int64_t{256}) == 3);
    CHECK(both(std::int64_t{65536}) == 5);
    CHECK(both(std::int64_t{1} << 32) == 9);
    CHECK(both(std::int64_t{-1}) == 1);
    CHECK(both(std::int64_t{-32}) == 1);
    CHECK(both(std::int64_t{-33}) == 2);
    CHECK(both(std::int64_t{-129}) == 3);
    CHECK(both(std::int64_t{-32769}) == 5);
    CHECK(both(std::int64_t{-2147483649}) == 9);
    CHECK(both(std::numeric_limits<std::int64_t>::min()) == 9);
    CHECK(both(std::numeric_limits<std::int64_t>::max()) == 9);
    CHECK(both(std::numeric_limits<std::uint64_t>::max()) == 9);
    CHECK(both(std::numeric_limits<std::int8_t>::min()) == 2);
    CHECK(both(std::numeric_limits<std::uint16_t>::max()) == 3);
  }

  TEST_CASE("an integer may be stored wider than it needs to be") {
    for (const std::string& bytes :
         {std::string("\x05"), std::string("\xcc\x05"), std::string("\xcd\0\x05", 3),
          std::string("\xce\0\0\0\x05", 5), std::string("\xcf\0\0\0\0\0\0\0\x05", 9),
          std::string("\xd0\x05"), std::string("\xd1\0\x05", 3), std::string("\xd2\0\0\0\x05", 5),
          std::string("\xd3\0\0\0\0\0\0\0\x05", 9)}) {
      CHECK(schema::integer<std::uint8_t>().decode(raw(bytes)) == 5);
      CHECK(schema::number().decode(raw(bytes)) == 5.0);
    }
    CHECK(schema::integer<std::int8_t>().decode(raw("\xd1\xff\xff")) == -1);
  }

  TEST_CASE("A2: NaN and infinity are refused on the way in and on the way out") {
    for (const double bad :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
          -std::numeric_limits<double>::infinity()}) {
      CHECK(encodeIssues(schema::number(), bad).size() == 1);
      CHECK(encodeIssues(schema::number<float>(), static_cast<float>(bad)).size() == 1);
      CHECK_THROWS_AS(Unknown(json{{"a", bad}}), PersistanceSchemaError);
    }
    CHECK(issuesOf(schema::number(), raw(std::string("\xcb\x7f\xf8\0\0\0\0\0\0", 9))).size() == 1);
    CHECK(issuesOf(schema::number(), raw(std::string("\xca\x7f\x80\0\0", 5))).size() == 1);
    CHECK(issuesOf(schema::number<float>(), json(1e300)).size() == 1);
    CHECK(std::signbit(schema::number().decode(schema::number().encode(-0.0))));
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
      CHECK_FALSE(schema::isUtf8(bad));
    }
  }

  TEST_CASE("A4: depth is bounded, whoever reads") {
    for (const std::size_t depth : {65U, 1000U, 100000U}) {
      CHECK(issuesOf(schema::json(), raw(arrays(depth))).size() == 1);
      CHECK(issuesOf(schema::unknown(), raw(arrays(depth))).size() == 1);
      CHECK(issuesOf(sampleSchema(), raw(arrays(depth))).size() == 1);
      CHECK(issuesOf(schema::boolean(), raw(arrays(depth))).size() == 1);
    }
    CHECK(issuesOf(schema::json(), raw(arrays(64))).empty());
    CHECK(issuesOf(schema::unknown(), raw(arrays(64))).empty());
    json deep = nullptr;
    for (int i = 0; i < 64; ++i) deep = json::array({std::move(deep)});
    CHECK(Unknown(deep).json() == deep);
    for (int i = 0; i < 1000; ++i) deep = json::array({std::move(deep)});
    CHECK_THROWS_AS((void)Unknown(deep), PersistanceSchemaError);
  }

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

  TEST_CASE("A7: a length beyond the input allocates nothing and is an issue") {
    for (const std::string& bytes :
         {std::string("\xdb\xff\xff\xff\xff", 5), std::string("\xc6\xff\xff\xff\xff", 5),
          std::string("\xdd\xff\xff\xff\xff", 5), std::string("\xdf\xff\xff\xff\xff", 5),
          std::string("\xc9\xff\xff\xff\xff\x01", 6), std::string("\xdc\xff\xff", 3),
          std::string("\xdf\x80\0\0\0", 5), std::string("\xd9\xff", 2)}) {
      const Unknown value = raw(bytes + "12345");
      CHECK(issuesOf(schema::json(), value).size() == 1);
      CHECK(issuesOf(schema::string(), value).size() == 1);
      CHECK(issuesOf(schema::array(schema::string()), value).size() == 1);
      CHECK(issuesOf(schema::map(schema::string()), value).size() == 1);
      CHECK(issuesOf(schema::unknown(), value).size() == 1);
      CHECK(issuesOf(sampleSchema(), value).size() == 1);
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

  TEST_CASE("issues are bounded in number and in size") {
    const auto issues = issuesOf(schema::array(schema::boolean()), json(std::vector<int>(5000, 7)));
    REQUIRE(issues.size() == 101);
    CHECK(issues.back() == Issue{"", "at most 100 issues", "and 4900 more"});
    for (const std::string& text : {std::string(10000, 'x'), std::string(10000, '\x01')}) {
      const auto long_ = issuesOf(schema::boolean(), json(text));
      REQUIRE(long_.size() == 1);
      CHECK(long_[0].actual.size() <= 80);
      CHECK(long_[0].actual.ends_with("...\""));
    }
    std::string euros;
    for (int i = 0; i < 100; ++i) euros += "\u20ac";
    CHECK(schema::isUtf8(issuesOf(schema::boolean(), json(euros)).at(0).actual));
    const std::string key(100000, 'k');
    const auto path = issuesOf(schema::map(schema::boolean()), json{{key, 1}}).at(0).path;
    CHECK(path == "/" + key.substr(0, 200) + "...");
  }

  TEST_CASE("limits are options") {
    const auto texts = schema::array(schema::string());
    const Unknown value = texts.encode({"one", "two", "three"});
    CHECK_THROWS_AS((void)texts.decode(value, {.bytes = 5}), PersistanceSchemaError);
    CHECK_THROWS_AS((void)texts.decode(value, {.items = 2}), PersistanceSchemaError);
    CHECK_THROWS_AS((void)texts.decode(value, {.depth = 0}), PersistanceSchemaError);
    // What nobody reads counts too: a field that the schema does not know.
    const auto lists = schema::object<Address>(schema::field("street", &Address::street));
    const Unknown deep(json{{"street", "s"}, {"other", {{{1}}}}});
    CHECK(lists.decode(deep, {.depth = 4}).street == "s");
    CHECK_THROWS_AS((void)lists.decode(deep, {.depth = 3}), PersistanceSchemaError);
    CHECK_THROWS_AS((void)texts.encode({"one", "two", "three"}, {.bytes = 5}),
                    PersistanceSchemaError);
    CHECK_THROWS_AS((void)texts.encode({"one", "two", "three"}, {.items = 2}),
                    PersistanceSchemaError);
    CHECK_THROWS_AS((void)texts.encode({"one", "two", "three"}, {.depth = 0}),
                    PersistanceSchemaError);
    const std::size_t size = value.bytes().size();
    CHECK(texts
              .decode(texts.encode({"one", "two", "three"}, {.bytes = size}),
                      {.bytes = size, .depth = 1, .items = 3})
              .size() == 3);
    CHECK_THROWS_AS((void)texts.encode({"one", "two", "three"}, {.bytes = size - 1}),
                    PersistanceSchemaError);
    CHECK(texts.decode(value).size() == 3);  // the thread's buffer is as good as before
  }

  TEST_CASE("A9: a value of 64 MiB, and one over the limit") {
    const auto text = schema::string();
    const std::string big(std::size_t{64} << 20, 'x');
    CHECK(text.decode(text.encode(big)) == big);
    CHECK(encodeIssues(text, std::string(std::size_t{128} << 20, 'x')).size() == 1);
    CHECK(text.decode(text.encode("still usable")) == "still usable");
  }

  TEST_CASE("a codec that encodes while something is being encoded") {
    const auto inner = schema::array(schema::string());
    using Texts = std::vector<std::string>;
    const auto nested = schema::array(schema::transform<Texts>(
        schema::unknown(), [inner](const Unknown& u) { return inner.decode(u); },
        [inner](const Texts& texts) { return inner.encode(texts); }));
    const std::vector<Texts> value(50, Texts(20, "some text that takes room"));
    CHECK(nested.decode(nested.encode(value)) == value);
    CHECK(nested.encode(value) == schema::array(inner).encode(value));
  }
}
