#include "backing/lmdb/read_pool.hpp"

namespace persistance::backing::lmdb {

std::optional<std::uint64_t> NumberCache::number(MDB_txn* txn, const Keyspace& keyspace,
                                                 std::size_t ordinal, std::string_view storeId) {
  const std::size_t snapshot = mdb_txn_id(txn);
  Line& line = lines_[ordinal % lines_.size()];
  if (line.snapshot == snapshot && line.ordinal == ordinal) return line.number;
  line.snapshot = 0;  // no snapshot has this number: what follows may throw
  line.number = numberOf(txn, keyspace, storeId);
  line.ordinal = ordinal;
  line.snapshot = snapshot;
  return line.number;
}

ReadPool::ReadPool(MDB_env* env, std::size_t limit, std::function<void()> onResized)
    : env_(env), limit_(limit), onResized_(std::move(onResized)) {
  free_.reserve(limit_);
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
    // The reader table is shared with other processes; this frees the places of dead ones.
    int dead = 0;
    check(mdb_reader_check(env_, &dead), "looking for dead readers");
    rc = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &begun);
  }
  slot.txn.reset(begun);
  return rc;
}

void ReadPool::release(std::unique_ptr<Slot> slot) noexcept {
  if (slot->txn) mdb_txn_reset(slot->txn.get());
  bool usable = false;
  {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(slot));
    --out_;
    if (out_ == 0 && gateClosed_) returned_.notify_all();
    usable = !mustWait();
  }
  if (usable) waiters_.wakeAll();
}

asio::awaitable<ReadPool::Lease> ReadPool::lease(std::chrono::milliseconds deadline) {
  const auto executor = co_await asio::this_coro::executor;
  const auto end = Clock::now() + deadline;
  for (;;) {
    const auto place = waiters_.join(executor);  // before the attempt: no release is missed
    if (auto lease = tryLease()) co_return std::move(*lease);
    if (Clock::now() >= end)
      throw Failure(BackingErrc::overloaded, "all read transactions are in use");
    co_await place.wait(end);
  }
}

bool ReadPool::closeGate(Clock::time_point deadline) {
  {
    std::unique_lock lock(mutex_);
    gateClosed_ = true;
    if (returned_.wait_until(lock, deadline, [&] { return out_ == 0; })) return true;
  }
  openGate();  // whoever finds the map outgrown again says so again
  return false;
}

void ReadPool::openGate() {
  {
    const std::lock_guard lock(mutex_);
    gateClosed_ = false;
    mapOutgrown_ = false;
  }
  waiters_.wakeAll();
}

void ReadPool::refuse(const Failure& refusal) {
  {
    const std::lock_guard lock(mutex_);
    if (!refusal_) refusal_.emplace(refusal);
  }
  waiters_.wakeAll();
}

void ReadPool::drain() {
  std::unique_lock lock(mutex_);
  gateClosed_ = true;
  returned_.wait(lock, [&] { return out_ == 0; });
  free_.clear();
}

}  // namespace persistance::backing::lmdb
