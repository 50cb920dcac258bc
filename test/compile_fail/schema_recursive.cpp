// expect: persistance: this type has a member `schema` that gives no schema here
// expect: static Schema<A> schema()
// expect: app::Tree
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
struct Tree {
  std::vector<Tree> children;
  static auto schema() { return schema::object<Tree>(schema::field("children", &Tree::children)); }
};
}  // namespace app

const auto trees = schema::of<app::Tree>();
