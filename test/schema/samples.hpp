#pragma once
/// Values and schemas that several suites look at.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <persistance/schema.hpp>

namespace persistance::test {

struct Address {
  std::string street;
  std::optional<std::string> zip;
  friend bool operator==(const Address&, const Address&) = default;
  static auto schema() {
    return schema::object<Address>(schema::field("street", &Address::street),
                                   schema::field("zip", &Address::zip));
  }
};

/// Something of everything.
struct Sample {
  std::string name;
  int age = 0;
  std::uint64_t big = 0;
  double ratio = 0;
  bool on = false;
  std::vector<std::string> tags;
  std::optional<Address> address;
  std::map<std::string, std::vector<int>> lists;
  nlohmann::json any;
  friend bool operator==(const Sample&, const Sample&) = default;
};

inline auto sampleSchema() {
  using namespace schema;
  return object<Sample>(field("name", &Sample::name, schema::string().nonEmpty().maxLength(20)),
                        field("age", &Sample::age, integer<int>().between(0, 150)),
                        field("big", &Sample::big), field("ratio", &Sample::ratio),
                        field("on", &Sample::on),
                        field("tags", &Sample::tags, array(schema::string()).maxItems(10)),
                        field("address", &Sample::address), field("lists", &Sample::lists),
                        field("any", &Sample::any));
}

inline Sample sample() {
  return {"Ann \u00c9",
          42,
          0xffffffffffffffffU,
          0.25,
          true,
          {"a", "", "a tag that is longer than thirty-one bytes"},
          Address{"Main St", "12345"},
          {{"empty", {}}, {"some", {1, -1, 300, -70000}}},
          {{"x", {1.5, nullptr, "y"}}}};
}

/// These very bytes.
inline Unknown raw(std::string_view bytes) {
  return Unknown::fromBytes(std::as_bytes(std::span(bytes)));
}

}  // namespace persistance::test
