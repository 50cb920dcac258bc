#include <persistance/unknown.hpp>

#include <algorithm>
#include <cstring>

#include <persistance/error.hpp>
#include <persistance/schema/json.hpp>

namespace persistance {

Unknown::Unknown(const nlohmann::json& value) : Unknown(schema::json().encode(value)) {}

Unknown Unknown::fromBytes(std::span<const std::byte> bytes) {
  Unknown unknown;
  auto block = std::make_shared_for_overwrite<std::byte[]>(bytes.size());
  if (!bytes.empty()) std::memcpy(block.get(), bytes.data(), bytes.size());
  unknown.bytes_ = std::move(block);
  unknown.size_ = bytes.size();
  return unknown;
}

std::span<const std::byte> Unknown::bytes() const noexcept {
  static constexpr std::byte null{0xc0};
  if (bytes_ == nullptr) return {&null, 1};
  return {bytes_.get(), size_};
}

nlohmann::json Unknown::json() const { return schema::json().decode(*this); }

bool operator==(const Unknown& a, const Unknown& b) noexcept {
  return std::ranges::equal(a.bytes(), b.bytes());
}

}  // namespace persistance
