// Records of which nobody wrote the fields down, and what users do with them next: derive, pick, add a
// version, keep a secret, tell them apart.
#include <map>
#include <memory>
#include <variant>
#include <vector>

#include <persistance/persistance.hpp>

#include "field/program.hpp"

using namespace persistance;

enum class Plan { free, team, company };

struct Address {
  std::string street;
  std::optional<std::string> zip;
  bool operator==(const Address&) const = default;
  static auto schema() { return schema::object<Address>(); }
};

struct Customer {
  std::string name;
  Plan plan = Plan::free;
  std::vector<Address> addresses;
  std::map<std::string, Plan> history;
  char code[4] = "";
  double score[2] = {0, 0};
  static auto schema() { return schema::object<Customer>(); }
};

struct Reseller : Customer {
  int discount = 0;
  static auto schema() {
    return schema::extend<Reseller>(
        Customer::schema(),
        schema::field("discount", &Reseller::discount, schema::integer<int>().between(0, 90)));
  }
};

struct Chapter {
  std::string title;
  std::vector<Chapter> parts;
  static Schema<Chapter> schema() { return schema::object<Chapter>(); }
};

struct Secretive {
  std::string user;
  std::string token;
  static auto schema() {
    return schema::object<Secretive>(
        schema::field("user", &Secretive::user),
        schema::field("token", &Secretive::token, schema::string().minLength(10)).secret());
  }
};

struct CreditBefore {
  int euros = 0;
};
struct Credit {
  std::int64_t cents = 0;
  static auto schema() {
    return schema::versioned(schema::object<Credit>(),
                             schema::from(schema::object<CreditBefore>(), [](CreditBefore old) {
                               return Credit{old.euros * 100};
                             }));
  }
};
struct Invoice {
  std::string number;
  static auto schema() { return schema::object<Invoice>(); }
};
using Payment = std::variant<Credit, Invoice, std::monostate>;
template <>
struct persistance::schema::SchemaFor<Payment> {
  static auto schema() {
    return variant<Credit, Invoice, std::monostate>("by", "credit", "invoice", "nothing");
  }
};

namespace {

asio::awaitable<void> records(SchemaPersistance& stores) {
  const auto customers = co_await stores.make<Reseller>("customers");
  Reseller ada;
  ada.name = "Ada";
  ada.plan = Plan::company;
  ada.addresses.push_back(Address{"Main St", std::nullopt});
  ada.history["2024"] = Plan::team;
  ada.code[0] = 'x';
  ada.score[1] = 0.5;
  ada.discount = 10;
  co_await customers.set("ada", ada);
  const auto found = co_await customers.get("ada");
  field::expect(found && found->plan == Plan::company && found->addresses == ada.addresses &&
                    found->history == ada.history && std::string(found->code) == "x",
                "a derived record");
  const auto raw = co_await stores.make<nlohmann::json>("customers");
  const auto tree = co_await raw.get("ada");
  field::expect(tree && (*tree)["plan"] == "company" && (*tree)["discount"] == 10,
                "names of members and enumerators");
  const auto names =
      co_await stores.make("customers", schema::pick(Customer::schema(), "name", "plan"));
  const auto name = co_await names.get("ada");
  field::expect(name && name->name == "Ada" && name->addresses.empty(), "a pick");
}

asio::awaitable<void> recursion(SchemaPersistance& stores) {
  const auto books = co_await stores.make<Chapter>("books");
  Chapter book;
  book.title = "A";
  book.parts.resize(2);
  book.parts[1].parts.resize(3);
  co_await books.set("k", book);
  const auto found = co_await books.get("k");
  field::expect(found && found->parts.at(1).parts.size() == 3, "a recursive record");
}

asio::awaitable<void> secrets(SchemaPersistance& stores) {
  const auto logins = co_await stores.make<Secretive>("logins");
  const Secretive login{"ada", "hunter2"};
  std::string said;
  try {
    co_await logins.set("k", login);
  } catch (const PersistanceSchemaError& error) {
    said = error.what();
  }
  field::expect(said.find("/token") != said.npos && said.find("hunter2") == said.npos, "a secret");
}

asio::awaitable<void> alternatives(SchemaPersistance& stores) {
  const auto raw = co_await stores.make<nlohmann::json>("payments");
  const nlohmann::json before{{"by", "credit"}, {"euros", 3}};
  co_await raw.set("old", before);
  const auto payments = co_await stores.make<Payment>("payments");
  const auto old = co_await payments.get("old");
  field::expect(old && std::get<Credit>(*old).cents == 300, "a versioned alternative of before");
  for (const Payment& payment : {Payment(Credit{5}), Payment(Invoice{"7"}), Payment()}) {
    co_await payments.set("k", payment);
    const auto found = co_await payments.get("k");
    field::expect(found && found->index() == payment.index(), "an alternative");
  }
}

asio::awaitable<void> all(SchemaPersistance& stores) {
  co_await records(stores);
  co_await recursion(stores);
  co_await secrets(stores);
  co_await alternatives(stores);
}

}  // namespace

int main() {
  persistance::test::run([] { return layer::run(layerSchemaMemory, all); });
  return field::result();
}
