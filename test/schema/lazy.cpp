#include <doctest/doctest.h>

#include "ask.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

struct Tree {
  int value = 0;
  std::vector<Tree> children;
  friend bool operator==(const Tree&, const Tree&) = default;
};
Schema<Tree> treeSchema() {
  return schema::object<Tree>(
      schema::field("value", &Tree::value),
      schema::field("children", &Tree::children, schema::array(schema::lazy(treeSchema))));
}

}  // namespace

TEST_SUITE("schema lazy") {
  TEST_CASE("lazy: a type that contains itself, to the depth limit and no deeper") {
    const Tree tree{1, {Tree{2, {Tree{3, {}}}}, Tree{4, {}}}};
    CHECK(again(treeSchema(), tree) == tree);
    CHECK(refusal(treeSchema(),
                  R"({"value":1,"children":[{"value":2,"children":[{"value":"x"}]}]})") ==
          "/children/0/children/0/children: expected a value, got nothing; "
          "/children/0/children/0/value: expected an integer from -2147483648 to 2147483647, "
          "got \"x\"");
    Tree deep;
    for (int i = 0; i < 31; ++i) {
      Tree next;
      next.children.push_back(std::move(deep));
      deep = std::move(next);
    }
    CHECK(again(treeSchema(), deep) == deep);
    for (int i = 0; i < 1000; ++i) {
      Tree next;
      next.children.push_back(std::move(deep));
      deep = std::move(next);
    }
    CHECK(encodeIssues(treeSchema(), deep).size() == 1);
  }
}
