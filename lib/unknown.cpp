#include <persistance/unknown.hpp>

#include <algorithm>
#include <cstring>
#include <new>

#include <persistance/error.hpp>
#include <persistance/schema/json.hpp>

namespace persistance {

Unknown::Unknown(const nlohmann::json& value) : Unknown(schema::json().encode(value)) {}

Unknown Unknown::fromBytes(std::span<const std::byte> bytes) {
  Unknown unknown;
  unknown.block_ = new (::operator new(sizeof(Block) + bytes.size())) Block(bytes.size());
  if (!bytes.empty()) std::memcpy(unknown.block_->data(), bytes.data(), bytes.size());
  return unknown;
}

void Unknown::destroy(Block* block) noexcept {
  block->~Block();
  ::operator delete(block);
}

std::span<const std::byte> Unknown::bytes() const noexcept {
  static constexpr std::byte null{0xc0};
  if (block_ == nullptr) return {&null, 1};
  return {block_->data(), block_->size};
}

nlohmann::json Unknown::json() const { return schema::json().decode(*this); }

bool operator==(const Unknown& a, const Unknown& b) noexcept {
  return std::ranges::equal(a.bytes(), b.bytes());
}

}  // namespace persistance
