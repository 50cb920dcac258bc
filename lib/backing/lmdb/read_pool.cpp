#include "backing/lmdb/read_pool.hpp"

#include <algorithm>

namespace persistance::backing::lmdb {

std::optional<std::uint64_t> NumberCache::number(MDB_txn* txn, const Table& table,
                                                 std::size_t ordinal, std::string_view storeId) {
  const std::size_t snapshot = mdb_txn_id(txn);
  Line& line = lines_[ordinal % lines_.size()];
  if (line.snapshot == snapshot && line.ordinal == ordinal) return line.number;
  line.snapshot = 0;  // no snapshot has this number: what follows may throw
  line.number = numberOf(txn, table, storeId);
  line.ordinal = ordinal;
  line.snapshot = snapshot;
  return line.number;
}

ReadPool::ReadPool(MDB_env* env, std::size_t bound, std::function<void()> onResized)
    : env_(env), bound_(bound), onResized_(std::move(onResized)) {
  free_.reserve(bound_);
}

std::optional<ReadPool::Lease> ReadPool::tryLease() {
  std::unique_ptr<Slot> slot = takeSlot();
  if (!slot) return std::nullopt;
  Slot& taken = *slot;
  Lease lease(*this, std::move(slot));
  const int rc = start(taken);
  if (rc == MDB_SUCCESS) return lease;
  if (rc == MDB_MAP_RESIZED) {
    {
      const std::lock_guard lock(mutex_);
      mapOutgrown_ = true;
    }
    onResized_();
    return std::nullopt;
  }
  throw LmdbError(rc, "beginning to read");
}

std::unique_ptr<ReadPool::Slot> ReadPool::takeSlot() {
  const std::lock_guard lock(mutex_);
  if (refusal_) throw Failure(*refusal_);
  if (mustWait()) return nullptr;
  std::unique_ptr<Slot> slot;
  if (free_.empty()) {
    slot = std::make_unique<Slot>();
  } else {
    slot = std::move(free_.back());
    free_.pop_back();
  }
  ++out_;
  return slot;
}

int ReadPool::start(Slot& slot) {
  if (!slot.txn) return startAfresh(slot);
  return mdb_txn_renew(slot.txn.get());
}

int ReadPool::startAfresh(Slot& slot) {
  MDB_txn* begun = nullptr;
  int rc = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &begun);
  if (rc == MDB_READERS_FULL) {
    // The table is shared with other processes; the dead ones among them give their places back.
    int dead = 0;
    check(mdb_reader_check(env_, &dead), "looking for dead readers");
    rc = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &begun);
  }
  slot.txn.reset(begun);
  return rc;
}

void ReadPool::giveBack(std::unique_ptr<Slot> slot) noexcept {
  if (slot->txn) mdb_txn_reset(slot->txn.get());
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(slot));
  --out_;
  if (out_ == 0 && gateClosed_) returned_.notify_all();
  if (!waiting_.empty() && !mustWait()) wakeAll();
}

void ReadPool::wait(std::shared_ptr<async::Event> event, Clock::time_point deadline) {
  const std::lock_guard lock(mutex_);
  if (refusal_ || !mustWait()) return event->set();
  waiting_.push_back({std::move(event), deadline});
}

void ReadPool::wakeAll() noexcept {
  for (const Waiting& one : waiting_) one.event->set();
  waiting_.clear();
}

std::optional<ReadPool::Clock::time_point> ReadPool::wakeLate(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  std::optional<Clock::time_point> next;
  std::erase_if(waiting_, [&](const Waiting& one) {
    if (one.deadline <= now) {
      one.event->set();
      return true;
    }
    next = std::min(next.value_or(one.deadline), one.deadline);
    return false;
  });
  return next;
}

bool ReadPool::closeGate(Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  gateClosed_ = true;
  if (returned_.wait_until(lock, deadline, [&] { return out_ == 0; })) return true;
  gateClosed_ = false;
  mapOutgrown_ = false;  // whoever meets it again says so again
  wakeAll();
  return false;
}

void ReadPool::openGate() {
  const std::lock_guard lock(mutex_);
  gateClosed_ = false;
  mapOutgrown_ = false;
  wakeAll();
}

void ReadPool::refuse(const Failure& refusal) {
  const std::lock_guard lock(mutex_);
  if (!refusal_) refusal_.emplace(refusal);
  wakeAll();
}

void ReadPool::drain() {
  std::unique_lock lock(mutex_);
  gateClosed_ = true;
  returned_.wait(lock, [&] { return out_ == 0; });
  free_.clear();
}

}  // namespace persistance::backing::lmdb
