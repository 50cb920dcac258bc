#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using nlohmann::json;

struct Couple {
  std::optional<int> a;
  int b = 0;
  friend bool operator==(const Couple&, const Couple&) = default;
};
auto coupleSchema() {
  return schema::object<Couple>(schema::field("a", &Couple::a), schema::field("b", &Couple::b));
}

struct EvenCodec : schema::Codec<EvenCodec, int> {
  bool write(schema::Writer& writer, const int& value) const {
    return value % 2 == 0 && writer.integer(value);
  }
  bool read(schema::Reader& reader, int& out) const { return reader.integer(out) && out % 2 == 0; }
  schema::Shape shape(schema::Shapes& shapes) const { return shapes.integer(0, 100); }
};

struct Pairing {
  int even = 0;
  int other = 0;
};

}  // namespace

TEST_SUITE("schema schema") {
  TEST_CASE("Schema<A> hides which one it is, and nests like any other") {
    const Schema<Couple> pair = coupleSchema();
    const Schema<std::optional<int>> maybe = schema::optional(schema::integer<int>());
    const auto record = schema::object<Couple>(schema::field("a", &Couple::a, maybe),
                                               schema::field("b", &Couple::b));
    CHECK(record.decode(json{{"b", 1}}) == Couple{std::nullopt, 1});
    CHECK(record.encode({std::nullopt, 1}) == pair.encode({std::nullopt, 1}));
    Schema<Couple> copy = pair;
    Schema<Couple> moved = std::move(copy);
    CHECK(copy.decode(json{{"b", 1}}) == moved.decode(json{{"b", 1}}));
  }

  TEST_CASE("A9: a codec that refuses without an issue has one of its own") {
    const auto pair = schema::object<Pairing>(schema::field("even", &Pairing::even, EvenCodec()),
                                              schema::field("other", &Pairing::other));
    const std::string reason =
        "expected a value that its codec accepts, got a refusal without an issue";
    CHECK(encodeRefusal(pair, {3, 5}) == "/even: " + reason);
    CHECK(refusal(pair, R"({"even":3,"other":5})") == "/even: " + reason);
    CHECK(encodeRefusal(EvenCodec(), 1) == reason);
    CHECK(refusal(EvenCodec(), "1") == reason);
    CHECK(encodeRefusal(schema::array(EvenCodec()), {2, 1, 3}) ==
          "/1: " + reason + "; /2: " + reason);
    CHECK(again(pair, {2, 5}).other == 5);
    CHECK_THROWS_AS((void)EvenCodec().encode(1), PersistanceSchemaError);
  }
}
