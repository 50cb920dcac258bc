#include <doctest/doctest.h>

#include <array>
#include <map>
#include <memory>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

struct Street {
  std::string name;
  int number = 0;
  friend bool operator==(const Street&, const Street&) = default;
  static auto schema() { return schema::object<Street>(); }
};

enum class Tone { low, high };

struct Everything {
  std::string text;
  std::optional<Street> street;
  std::vector<Street> others;
  int cells[2][2] = {};
  char label[8] = "";
  std::string pair[2];
  std::array<std::byte, 2> raw{};
  Tone tone = Tone::high;
  std::map<std::string, int> counts;
  std::unique_ptr<int> own;
  bool last = false;
  static auto schema() { return schema::object<Everything>(); }
};

struct Family {
  std::string name;
  std::vector<Family> members;
  friend bool operator==(const Family&, const Family&) = default;
  static Schema<Family> schema() { return schema::object<Family>(); }
};

struct Nothing {
  static auto schema() { return schema::object<Nothing>(); }
};

template <class T>
struct Boxing {
  T item;
  bool full = false;
};

struct Many {
  int m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16;
  int m17, m18, m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29, m30, m31, m32;
  int m33, m34, m35, m36, m37, m38, m39, m40, m41, m42, m43, m44, m45, m46, m47, m48;
  int m49, m50, m51, m52, m53, m54, m55, m56, m57, m58, m59, m60, m61, m62, m63, last;
};

}  // namespace

TEST_SUITE("schema deduced object") {
  TEST_CASE("deduced object: names and members as they are declared") {
    const Street street{"Main St", 5};
    CHECK(text(Street::schema(), street) == R"({"name":"Main St","number":5})");
    CHECK(again(Street::schema(), street) == street);
    CHECK(Street::schema().encode(street) ==
          schema::object<Street>(schema::field("name", &Street::name),
                                 schema::field("number", &Street::number))
              .encode(street));
    CHECK(refusal(Street::schema(), R"({"name":1})") ==
          "/name: expected a string, got 1; /number: expected a value, got nothing");
    CHECK(text(schema::object<Boxing<int>>(), {3, true}) == R"({"full":true,"item":3})");
    CHECK(text(Nothing::schema(), {}) == "{}");
  }

  TEST_CASE("deduced object: arrays of C are one member, and members may be anything") {
    Everything value;
    value.text = "t";
    value.street = Street{"s", 1};
    value.others = {{"o", 2}};
    value.cells[1][0] = 9;
    value.pair[1] = "second";
    value.counts = {{"a", 1}};
    value.own = std::make_unique<int>(4);
    value.last = true;
    const Unknown stored = Everything::schema().encode(value);
    const Everything back = Everything::schema().decode(stored);
    CHECK(back.street == value.street);
    CHECK(back.others == value.others);
    CHECK(back.cells[1][0] == 9);
    CHECK(back.pair[1] == "second");
    CHECK(back.tone == Tone::high);
    CHECK(*back.own == 4);
    CHECK(back.last);
    CHECK(Everything::schema().encode(back) == stored);
  }

  TEST_CASE("deduced object: 64 members") {
    Many many{};
    many.m1 = 1;
    many.last = 64;
    const auto schema = schema::object<Many>();
    const Many back = again(schema, many);
    CHECK(back.m1 == 1);
    CHECK(back.last == 64);
    CHECK(schema::jsonSchema(schema)["properties"].size() == 64);
  }

  TEST_CASE("deduced object: a type that contains itself says what its schema() returns") {
    const Family family{"a", {{"b", {}}, {"c", {{"d", {}}}}}};
    CHECK(again(schema::of<Family>(), family) == family);
    CHECK(again(Family::schema(), family) == family);
    CHECK(refusal(schema::of<Family>(), R"({"name":"a","members":[{"name":1,"members":[]}]})") ==
          "/members/0/name: expected a string, got 1");
  }
}
