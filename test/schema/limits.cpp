#include <doctest/doctest.h>

#include <array>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;
using schema::Issue;

// nested[0xc0]..., `depth` arrays around a null
std::string arrays(std::size_t depth) { return std::string(depth, '\x91') + '\xc0'; }

struct Wide {
  std::optional<std::string> a;
  std::array<std::int64_t, 95> rest{};
};

}  // namespace

TEST_SUITE("schema limits") {
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
    CHECK(schema::detail::isUtf8(issuesOf(schema::boolean(), json(euros)).at(0).actual));
    const std::string key(100000, 'k');
    const auto path = issuesOf(schema::map(schema::boolean()), json{{key, 1}}).at(0).path;
    CHECK(path == "/" + key.substr(0, 200) + "...");
  }

  TEST_CASE("what a value makes in memory is bounded, in proportion to its size") {
    const auto schema = schema::array(schema::object<Wide>(schema::field("a", &Wide::a)));
    const std::string many = std::string("\xdc\x75\x30", 3) + std::string(30000, '\x80');
    CHECK(refusal(schema, raw(many)) ==
          "expected a value that takes at most 16 times its size and 1048576 bytes of memory, "
          "got one that takes more");
    std::vector<schema::Issue> issues;
    std::vector<Wide> out;
    schema::Limits limits;
    limits.memoryFactor = sizeof(Wide);
    CHECK(schema::decode(schema, raw(many).bytes(), out, issues, limits));
    CHECK(out.size() == 30000);
    CHECK_FALSE(encodeRefusal(schema, out).empty());
    CHECK(schema.encode(out, limits) == raw(many));
    out.resize(1000);
    CHECK(again(schema, out).size() == 1000);
    CHECK_FALSE(refusal(schema::json(),
                        raw(std::string("\xdd\x00\x03\x0d\x40", 5) + std::string(200000, '\x90')))
                    .empty());
  }
}
