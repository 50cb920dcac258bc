#include "backing/memory/table.hpp"

#include <algorithm>
#include <new>

namespace persistance::backing::memory {
namespace {

constexpr std::size_t leastCapacity = 8;

std::size_t usualSpill(std::size_t capacity) { return std::min<std::size_t>(capacity, 64); }

constexpr bool isTooFull(std::size_t size, std::size_t capacity) {
  return size > capacity / 5 * 4 + capacity % 5;
}

}  // namespace

Table::Table(Table&& other) noexcept
    : all_(std::move(other.all_)),
      capacity_(std::exchange(other.capacity_, 0)),
      spill_(std::exchange(other.spill_, 0)),
      size_(std::exchange(other.size_, 0)) {}

Table& Table::operator=(Table&& other) noexcept {
  std::swap(all_, other.all_);
  std::swap(capacity_, other.capacity_);
  std::swap(spill_, other.spill_);
  std::swap(size_, other.size_);
  return *this;
}

Table::~Table() { release(0, slots()); }

void Table::release(std::size_t first, std::size_t count) noexcept {
  const std::size_t end = std::min(first + count, slots());
  for (std::size_t i = first; i < end; ++i)
    Record::Pointer released(std::exchange(all_[i].record, nullptr));
}

std::size_t Table::from(std::uint32_t hash) const noexcept {
  if (capacity_ == 0) return 0;
  std::size_t i = home(hash);
  // A free slot counts as the greatest hash there is.
  while (all_[i].hash - 1 < hash - 1) ++i;
  return i;
}

std::size_t Table::find(std::uint32_t hash, std::string_view key) const noexcept {
  if (size_ == 0) return none;
  for (std::size_t i = from(hash); all_[i].hash == hash; ++i)
    if (all_[i].record->key() == key) return i;
  return none;
}

void Table::prefetch(std::uint32_t hash) const noexcept {
  if (capacity_ != 0) __builtin_prefetch(&all_[home(hash)]);
}

void Table::insert(std::uint32_t hash, Record::Pointer record, Step mayEnd) {
  if (isTooFull(size_ + 1, capacity_))
    resize(capacity_ == 0 ? leastCapacity : capacity_ + capacity_ / 2);
  std::size_t i = from(hash);
  std::size_t free = i;
  while (all_[free].hash != 0) ++free;
  if (free + 1 == slots()) {
    resize(capacity_, spill_ * 2);
    i = from(hash);
  }
  std::copy_backward(&all_[i], &all_[free], &all_[free + 1]);
  all_[i] = Slot{record.leak(), hash, mayEnd};
  ++size_;
}

Record::Pointer Table::replace(std::size_t index, Record::Pointer record, Step mayEnd) noexcept {
  Slot& slot = all_[index];
  slot.mayEnd = mayEnd;
  return Record::Pointer(std::exchange(slot.record, record.leak()));
}

Record::Pointer Table::take(std::size_t index) noexcept {
  Record::Pointer taken(all_[index].record);
  std::size_t last = index;
  while (all_[last + 1].hash != 0 && home(all_[last + 1].hash) <= last) ++last;
  std::copy(&all_[index + 1], &all_[last + 1], &all_[index]);
  all_[last] = Slot{};
  --size_;
  return taken;
}

void Table::shrink() noexcept {
  if (capacity_ <= leastCapacity || size_ > capacity_ / 8) return;
  try {
    resize(std::max(leastCapacity, size_ * 2));
  } catch (const std::bad_alloc&) {  // it stays as it is
  }
}

void Table::resize(std::size_t capacity) { resize(capacity, usualSpill(capacity)); }

// Slots in the order of their hashes stay in it.
void Table::resize(std::size_t capacity, std::size_t spill) {
  auto all = std::make_unique<Slot[]>(capacity + spill + 1);
  Table next;
  next.capacity_ = capacity;
  next.spill_ = spill;
  next.all_ = std::move(all);
  std::size_t free = 0;
  for (std::size_t i = 0; i < slots(); ++i) {
    if (all_[i].hash == 0) continue;
    free = std::max(free, next.home(all_[i].hash));
    if (free + 1 >= next.slots()) {  // too many at the end
      std::fill_n(next.all_.get(), next.slots(), Slot{});
      return resize(capacity, spill * 2);
    }
    next.all_[free++] = all_[i];
  }
  std::swap(all_, next.all_);
  std::swap(capacity_, next.capacity_);
  std::swap(spill_, next.spill_);
  next.capacity_ = 0;  // its records are here now
  next.spill_ = 0;
}

}  // namespace persistance::backing::memory
