// What the README says to write where g++ 12 destroys a temporary twice: a name first, and then co_await.
// Every value has text on the heap, so that a second destruction is seen.
#include <array>
#include <map>
#include <variant>

#include <persistance/persistance.hpp>

#include "field/program.hpp"

using namespace persistance;

struct User {
  std::string name;
  int age = 0;
  bool operator==(const User&) const = default;
  static auto schema() {
    return schema::object<User>(schema::field("name", &User::name),
                                schema::field("age", &User::age));
  }
};

struct Card {
  std::string number;
  bool operator==(const Card&) const = default;
  static auto schema() { return schema::object<Card>(schema::field("number", &Card::number)); }
};

using Payment = std::variant<Card, User>;
template <>
struct persistance::schema::SchemaFor<Payment> {
  static auto schema() { return variant<Card, User>("kind", "card", "user"); }
};

struct UserId {
  std::string value;
  std::string key() const { return "user:" + value; }
};

namespace {

const std::string text = "a text that is too long to lie inside of its string";

/// Stores `value`, and whether it comes back.
template <class A>
asio::awaitable<void> comesBack(SchemaPersistance& stores, std::string what, const A& value) {
  const auto store = co_await stores.make<A>(what);
  const std::string key = UserId{text}.key();
  co_await store.set(key, value);
  const std::optional<A> found = co_await store.get(key);
  field::expect(found == value, what);
}

asio::awaitable<void> values(SchemaPersistance& stores) {
  User ada{text, 36};
  co_await comesBack(stores, "an aggregate", ada);
  std::optional<User> perhaps = ada;
  co_await comesBack(stores, "an optional aggregate", perhaps);
  Payment payment = Card{text};
  co_await comesBack(stores, "a variant", payment);
  std::vector<User> many(2, ada);
  co_await comesBack(stores, "a vector of aggregates", many);
  std::map<std::string, std::string> texts{{"a", text}, {"b", text}};
  co_await comesBack(stores, "a map", texts);
  nlohmann::json tree{{"name", text}, {"age", 3}};
  co_await comesBack(stores, "a tree", tree);
}

asio::awaitable<void> several(SchemaPersistance& stores) {
  const auto users = co_await stores.make<User>("several");
  std::vector<std::pair<std::string, User>> entries;
  entries.emplace_back("a", User{text, 1});
  entries.emplace_back("b", User{text, 2});
  co_await users.setMany(std::move(entries));
  std::vector<std::string> keys{"a", text, "b"};
  const auto found = co_await users.getMany(std::move(keys));
  field::expect(found.size() == 3 && found[0] && !found[1] && found[2]->age == 2, "many users");
  const User nobody{text, 0};
  const auto absent = co_await users.get("nobody");
  field::expect(absent.value_or(nobody) == nobody, "value_or of a name");
}

asio::awaitable<void> functions(SchemaPersistance& stores) {
  const std::vector<std::string> allowed{text};
  const auto isAllowed = [allowed](const std::string& value) { return value == allowed.front(); };
  const auto only = schema::refine(schema::string(), isAllowed, "allowed");
  const auto refined = co_await stores.make("refined", only);
  co_await refined.set("k", text);
  const auto found = co_await refined.get("k");
  field::expect(found == text, "a refined schema with a capture");
}

asio::awaitable<void> all(SchemaPersistance& stores) {
  co_await values(stores);
  co_await several(stores);
  co_await functions(stores);
  const auto held = std::make_shared<std::string>(text);
  const auto body = [held](SchemaPersistance& inner) -> asio::awaitable<void> {
    const auto numbers = co_await inner.make<int>("numbers");
    co_await numbers.set(*held, 1);
  };
  co_await layer::run(layerSchemaMemory, body);
  field::expect(held.use_count() == 2, "a body with a capture");
}

}  // namespace

int main() {
  persistance::test::run([] { return layer::run(layerSchemaMemory, all); });
  return field::result();
}
