// What encoding and decoding cost in allocations: counted, so that a change which adds one is seen.
#include <doctest/doctest.h>

#include <tuple>

#include "support/allocation_failure.hpp"

#include "samples.hpp"

namespace {

using namespace persistance;
using test::allocations;

struct Small {
  std::string name;
  std::int64_t number = 0;
  std::optional<double> ratio;
  friend bool operator==(const Small&, const Small&) = default;
  static auto schema() {
    return schema::object<Small>(schema::field("name", &Small::name),
                                 schema::field("number", &Small::number),
                                 schema::field("ratio", &Small::ratio));
  }
};

template <class S>
long encoding(const S& schema, const typename S::Value& value) {
  std::vector<schema::Issue> issues;
  Unknown out;
  const long count = allocations([&] { out = schema::encode(schema, value, issues); });
  CHECK(issues.empty());
  return count;
}

template <class S>
long decoding(const S& schema, const typename S::Value& value) {
  std::vector<schema::Issue> issues;
  const Unknown encoded = schema.encode(value);
  typename S::Value out{};
  const long count =
      allocations([&] { (void)schema::decode(schema, encoded.bytes(), out, issues); });
  CHECK(out == value);
  return count;
}

}  // namespace

TEST_SUITE("schema allocations") {
  TEST_CASE("encoding allocates the one block of the value") {
    CHECK(encoding(schema::boolean(), true) == 1);
    CHECK(encoding(Small::schema(), Small{"Ann", -5, 0.5}) == 1);
    CHECK(encoding(Schema<Small>(Small::schema()), Small{"Ann", -5, 0.5}) == 1);
  }

  TEST_CASE("encoding a value larger than the writer keeps its buffer for the next") {
    const auto texts = schema::array(schema::string());
    const std::vector<std::string> large(1000, "a text of twenty bytes");
    (void)encoding(texts, large);  // grows the buffer of this thread
    CHECK(encoding(texts, large) == 1);
  }

  TEST_CASE("decoding allocates what the decoded value itself holds, and nothing else") {
    CHECK(decoding(schema::integer<int>(), 5) == 0);
    CHECK(decoding(Small::schema(), Small{"Ann", -5, 0.5}) == 0);
    CHECK(decoding(Schema<Small>(Small::schema()), Small{"Ann", -5, 0.5}) == 0);
    const std::string longText(100, 'x');
    CHECK(decoding(Small::schema(), Small{longText, -5, 0.5}) == 1);
    CHECK(decoding(schema::array(schema::integer<int>()), {1, 2, 3}) == 1);
    CHECK(decoding(schema::array(schema::string()), {longText, longText}) == 3);
    CHECK(decoding(schema::map(schema::integer<int>()), {{"a", 1}, {"b", 2}}) == 2);
    CHECK(decoding(schema::tuple(schema::boolean(), schema::string()), {true, "t"}) == 0);
  }

  TEST_CASE("a hostile length allocates no more than the input is long (A7)") {
    // An array 32, a text 32 and a map 32 that announce 2^32 - 1 elements and have none.
    for (const int head : {0xdd, 0xdb, 0xdf, 0xc6}) {
      std::vector<std::byte> bytes{std::byte(head)};
      bytes.insert(bytes.end(), 4, std::byte{0xff});
      std::vector<schema::Issue> issues;
      issues.reserve(4);
      std::vector<std::string> out;
      (void)schema::decode(schema::array(schema::string()), bytes, out, issues);
      CHECK(!issues.empty());
      CHECK(out.capacity() <= bytes.size());
    }
  }
}
