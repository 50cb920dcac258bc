// expect: error: static assertion failed: persistance: g++ 12 destroys an aggregate temporary twice in a co_await expression; name the value first: `User user{...}; co_await users.set(key, user);`
// only: gcc
#include <persistance/persistance.hpp>

namespace schema = persistance::schema;

struct User {
  std::string name;
  static auto schema() { return schema::object<User>(); }
};

persistance::asio::awaitable<void> write(persistance::Persistance<User> users) {
  auto pending = users.setMany({{"ada", User{"Ada"}}, {"bob", User{"Bob"}}});
  co_await std::move(pending);
}
