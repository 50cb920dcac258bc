#include "backing/memory/record.hpp"

#include <cstring>
#include <limits>
#include <new>

namespace persistance::backing::memory {
namespace {

// What the allocator keeps for a block, and a slot of a table that is two thirds full.
constexpr std::size_t overhead = 8 + 24;

}  // namespace

static_assert(maxKeySize == 65536, "a size of two bytes, and one bit more");
static_assert(sizeof(Record) == 12);

Record::Pointer Record::make(std::string_view key, std::span<const std::byte> value,
                             std::optional<TimePoint> end) {
  if (value.size() > std::numeric_limits<std::uint32_t>::max())
    throw Failure(BackingErrc::tooLarge, "a value of 4 GiB and more");
  const std::size_t endSize = end ? sizeof(TimePoint) : 0;
  auto* block =
      static_cast<std::byte*>(::operator new(sizeof(Record) + endSize + key.size() + value.size()));
  Pointer record(new (block) Record(key.size(), value.size(), end.has_value()));
  std::byte* next = block + sizeof(Record);
  if (end) std::memcpy(next, &*end, endSize);
  next += endSize;
  if (!key.empty()) std::memcpy(next, key.data(), key.size());
  if (!value.empty()) std::memcpy(next + key.size(), value.data(), value.size());
  return record;
}

std::optional<TimePoint> Record::end() const noexcept {
  if (!expires_) return std::nullopt;
  TimePoint end;
  std::memcpy(&end, reinterpret_cast<const std::byte*>(this) + sizeof(Record), sizeof(end));
  return end;
}

std::size_t Record::footprint() const noexcept {
  return headSize() + keySize() + valueSize_ + overhead;
}

void Record::destroy() noexcept {
  this->~Record();
  ::operator delete(this);
}

}  // namespace persistance::backing::memory
