#include "schema/value_text.hpp"

#include <optional>

#include <persistance/schema/detail/number_text.hpp>
#include <persistance/schema/report.hpp>

#include "schema/head.hpp"

namespace persistance::schema::detail {
namespace {

std::string plural(std::uint64_t count, const char* one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

}  // namespace

std::string valueText(std::span<const std::uint8_t> value) {
  const std::optional<Head> head = headOf(value);
  if (!head) return "nothing";
  switch (head->kind) {
    case Kind::null: return "null";
    case Kind::boolean: return head->truth ? "true" : "false";
    case Kind::integer: return toText(integerOf(*head));
    case Kind::real: return toText(head->real);
    case Kind::text:
      return quoted({reinterpret_cast<const char*>(value.data()) + head->size, head->payload});
    case Kind::bytes: return plural(head->payload, "byte");
    case Kind::array: return "an array of " + plural(head->count, "item");
    case Kind::map: return "an object of " + plural(head->count, "field");
    case Kind::extension: return "an extension of type " + std::to_string(head->type);
  }
  return "nothing";
}

}  // namespace persistance::schema::detail
