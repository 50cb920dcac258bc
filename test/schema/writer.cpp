#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

}  // namespace

TEST_SUITE("schema writer") {
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
