// Bytes of each released format, kept for ever: what was stored with them still decodes.

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "schema/samples.hpp"

using namespace persistance;

namespace {

Unknown golden(const std::string& name) {
  std::ifstream file(PERSISTANCE_GOLDEN "/" + name, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), "no golden file " << name);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  return test::raw(bytes);
}

}  // namespace

TEST_SUITE("schema golden") {
  TEST_CASE("a value of format 1 decodes, and is still written like that") {
    const Unknown stored = golden("schema_format_1.msgpack");
    CHECK(test::sampleSchema().decode(stored) == test::sample());
    CHECK(stored == test::sampleSchema().encode(test::sample()));
  }

  TEST_CASE("a versioned value of format 1 decodes, and is still written like that") {
    const auto doubled = [](int old) { return old * 2; };
    const auto schema =
        schema::versioned(schema::integer<int>(), schema::from(schema::integer<int>(), doubled));
    const Unknown stored = golden("schema_format_1_version_2.msgpack");
    CHECK(schema.decode(stored) == 42);
    CHECK(stored == schema.encode(42));
  }
}
