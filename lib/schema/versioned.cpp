#include <persistance/schema/versioned.hpp>

#include <cstdint>
#include <optional>

#include "schema/head.hpp"

namespace persistance::schema {

bool holdsVersions(std::span<const std::byte> bytes) noexcept {
  std::span rest(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  // What is inside a container follows its header, so the values come one after another.
  while (const std::optional<detail::Head> head = detail::headOf(rest)) {
    if (head->kind == detail::Kind::extension && head->type == detail::versionExtension)
      return true;
    if (head->payload > rest.size() - head->size) return false;
    rest = rest.subspan(head->size + head->payload);
  }
  return false;
}

}  // namespace persistance::schema
