// expect: persistance: the `schema()` of this type gives no schema of this type
// expect: app::Admin
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
struct User {
  int age = 0;
  static auto schema() { return schema::object<User>(schema::field("age", &User::age)); }
};
struct Admin : User {
  int level = 0;
};
}  // namespace app

const auto admins = schema::of<app::Admin>();
