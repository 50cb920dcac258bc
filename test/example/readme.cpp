#include <iostream>

#include <persistance/persistance.hpp>

using namespace persistance;

struct User {
  std::string name;
  int age = 0;

  static auto schema() {
    return schema::object<User>(
        schema::field("name", &User::name, schema::string().nonEmpty()),
        schema::field("age", &User::age, schema::integer<int>().between(0, 150)));
  }
};

asio::awaitable<void> useStores(SchemaPersistance& stores) {
  const auto users = co_await stores.make<User>("users");
  User ada{"Ada", 36};
  co_await users.set("ada", ada);
  const std::optional<User> found = co_await users.get("ada");
  std::cout << found->name << " is " << found->age << '\n';

  ada = {"", -1};
  try {
    co_await users.set("ada", ada);
  } catch (const PersistanceSchemaError& error) {
    std::cout << error.what() << '\n';
  }
}

int main() {
  asio::io_context context;
  asio::co_spawn(context, layer::run(layerSchemaMemory, useStores), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  context.run();
}
