// expect: persistance: object<A>() does not see the members of a base class
// expect: app::Admin
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

namespace app {
struct User {
  int age = 0;
};
struct Admin : User {
  int level = 0;
};
}  // namespace app

const auto admin = schema::object<app::Admin>();
