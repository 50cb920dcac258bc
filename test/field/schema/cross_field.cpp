// A rule over two fields of a struct: one of them has to be there.
#include <optional>
#include <string>

#include <persistance/schema.hpp>

#include "field/program.hpp"

using namespace persistance;

struct Contact {
  std::optional<std::string> email;
  std::optional<std::string> phone;

  static auto schema() {
    return schema::refine(
        schema::object<Contact>(schema::field("email", &Contact::email),
                                schema::field("phone", &Contact::phone)),
        [](const Contact& contact) { return contact.email || contact.phone; },
        "an email or a phone");
  }
};

int main() {
  const Schema<Contact> contact = Contact::schema();
  const auto refusal = [](const std::string& said) {
    return said.find("an email or a phone") != std::string::npos;
  };
  field::expect(refusal(field::thrown([&] { static_cast<void>(contact.encode(Contact{})); })),
                "encodes neither");
  const Unknown nothing(nlohmann::json::object());
  field::expect(refusal(field::thrown([&] { static_cast<void>(contact.decode(nothing)); })),
                "decodes neither");

  Contact ada;
  ada.email = "ada@example.org";
  field::expect(contact.decode(contact.encode(ada)).email == ada.email, "the email comes back");
  return field::result();
}
