// expect: error: static assertion failed: persistance: g++ 12 destroys an aggregate temporary twice in a co_await expression; name the value first: `User user{...}; co_await users.set(key, user);`
// only: gcc
#include <persistance/persistance.hpp>

namespace schema = persistance::schema;

struct User {
  std::string name;
  static auto schema() { return schema::object<User>(); }
};

persistance::asio::awaitable<void> write(persistance::Persistance<std::variant<int, User>> users) {
  co_await users.set("ada", User{"Ada"});
}
