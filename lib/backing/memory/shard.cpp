#include "backing/memory/shard.hpp"

#include "backing/expiry.hpp"

#include <algorithm>
#include <limits>

namespace persistance::backing::memory {

// At 64 ms a step, the last one is nearly nine years away.
Step Steps::of(TimePoint time) const noexcept {
  if (time <= epoch_) return 1;
  // Halved: the difference itself could overflow.
  const auto half = time.time_since_epoch() / 2 - epoch_.time_since_epoch() / 2;
  const auto steps = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(half).count() / 32);
  return static_cast<Step>(std::min<std::uint64_t>(steps, std::numeric_limits<Step>::max() - 1) +
                           1);
}

bool Shard::isOver(const Record& record, Now& now) const {
  return record.expires() && isExpired(*record.end(), now.get());
}

Record* Shard::find(std::uint32_t hash, std::string_view key, Now& now) const {
  const std::size_t index = table_.find(hash, key);
  if (index == Table::none) return nullptr;
  Record* record = table_.at(index).record;
  return isOver(*record, now) ? nullptr : record;
}

Record::Pointer Shard::put(std::uint32_t hash, Record::Pointer record, const Steps& steps) {
  const bool expires = record->expires();
  const Step mayEnd = expires ? steps.of(*record->end()) : 0;
  const std::size_t index = table_.find(hash, record->key());
  Record::Pointer before;
  if (index == Table::none) {
    table_.insert(hash, std::move(record), mayEnd);
  } else {
    before = table_.replace(index, std::move(record), mayEnd);
    if (before->expires()) --expiring_;
  }
  if (expires) ++expiring_;
  return before;
}

void Shard::undo(std::uint32_t hash, std::string_view key, Record::Pointer before,
                 const Steps& steps) noexcept {
  if (!before) {
    take(hash, key);
  } else {
    put(hash, std::move(before), steps);  // in place, which needs no memory
  }
}

Record::Pointer Shard::take(std::uint32_t hash, std::string_view key) noexcept {
  const std::size_t index = table_.find(hash, key);
  if (index == Table::none) return {};
  Record::Pointer taken = takeAt(index);
  table_.shrink();
  return taken;
}

Record::Pointer Shard::takeAt(std::size_t index) noexcept {
  Record::Pointer taken = table_.take(index);
  if (taken->expires()) --expiring_;
  return taken;
}

Table Shard::takeAll() noexcept {
  expiring_ = 0;
  return std::exchange(table_, Table());
}

Record::Pointer Shard::evict(Now& now) {
  for (; evictHand_ < table_.slots(); ++evictHand_) {
    const Slot& slot = table_.at(evictHand_);
    if (slot.hash == 0) continue;
    if (!slot.record->wasRead() || isOver(*slot.record, now)) return takeAt(evictHand_);
    slot.record->setWasRead(false);
  }
  evictHand_ = 0;
  return {};
}

}  // namespace persistance::backing::memory
