#include <doctest/doctest.h>

#include <memory>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

struct Node {
  int value = 0;
  std::unique_ptr<Node> next;
  static Schema<Node> schema() {
    return schema::object<Node>(schema::field("value", &Node::value),
                                schema::field("next", &Node::next, schema::lazy(&Node::schema)));
  }
};

struct Held {
  std::unique_ptr<std::string> own;
  std::shared_ptr<const int> shared;
  static auto schema() {
    return schema::object<Held>(schema::field("own", &Held::own, schema::string().nonEmpty()),
                                schema::field("shared", &Held::shared));
  }
};

}  // namespace

TEST_SUITE("schema pointer") {
  TEST_CASE("pointer: as an optional") {
    Held held;
    CHECK(text(Held::schema(), held) == "{}");
    held.own = std::make_unique<std::string>("x");
    held.shared = std::make_shared<int>(3);
    CHECK(text(Held::schema(), held) == R"({"own":"x","shared":3})");
    const Held back = Held::schema().decode(Held::schema().encode(held));
    CHECK(*back.own == "x");
    CHECK(*back.shared == 3);
    CHECK(Held::schema().decode(nlohmann::json{{"own", nullptr}}).own == nullptr);
    CHECK(refusal(Held::schema(), R"({"own":""})") ==
          "/own: expected at least 1 character, got \"\"");
  }

  TEST_CASE("pointer: a read makes a new value and leaves a shared one alone") {
    const auto schema = schema::of<std::shared_ptr<int>>();
    const auto before = std::make_shared<int>(1);
    std::shared_ptr<int> out = before;
    std::vector<schema::Issue> issues;
    CHECK(schema::decode(schema, Unknown(nlohmann::json(2)).bytes(), out, issues));
    CHECK(*out == 2);
    CHECK(*before == 1);
  }

  TEST_CASE("pointer: a list of its own kind") {
    Node list;
    list.next = std::make_unique<Node>();
    list.next->value = 2;
    const Node back = Node::schema().decode(Node::schema().encode(list));
    CHECK(back.next->value == 2);
    CHECK(back.next->next == nullptr);
  }
}
