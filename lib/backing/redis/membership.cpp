#include "backing/redis/membership.hpp"

namespace persistance::backing::redis {
namespace {

std::set<std::string> idsOf(std::span<const SlotRange> ranges) {
  std::set<std::string> ids;
  for (const SlotRange& range : ranges) ids.insert(range.ids.begin(), range.ids.end());
  return ids;
}

}  // namespace

bool Membership::cluster() const {
  const std::lock_guard lock(mutex_);
  return cluster_;
}

bool Membership::accepts(std::span<const SlotRange> ranges) const {
  const std::set<std::string> ids = idsOf(ranges);
  const std::lock_guard lock(mutex_);
  if (!cluster_ || ids_.empty()) return true;
  for (const std::string& id : ids) {
    if (ids_.contains(id)) return true;
  }
  return false;
}

void Membership::learn(std::span<const SlotRange> ranges) {
  std::set<std::string> ids = idsOf(ranges);
  const std::lock_guard lock(mutex_);
  cluster_ = true;
  ids_ = std::move(ids);
}

}  // namespace persistance::backing::redis
