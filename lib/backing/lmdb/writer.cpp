#include "backing/lmdb/writer.hpp"

#include <algorithm>
#include <cerrno>

#include "backing/lmdb/failpoint.hpp"

namespace persistance::backing::lmdb {

namespace {

constexpr std::size_t groupCount = 1024;
constexpr std::uint64_t groupBytes = std::uint64_t{16} << 20;
constexpr std::size_t largestSweep = 1000;
constexpr auto sweepPause = std::chrono::milliseconds(10);
constexpr auto longestWaitForCompany = std::chrono::microseconds(200);

Failure unknown(const Failure& cause) {
  return Failure(BackingErrc::unknownOutcome, "the commit failed: " + cause.detail());
}

Failure refusal() {
  return Failure(BackingErrc::io, "an earlier commit failed; open the store anew to write again");
}

}  // namespace

Writer::Writer(Environment& environment, ReadPool& reads, WriteQueue& queue,
               const LmdbOptions& options)
    : environment_(environment),
      reads_(reads),
      queue_(queue),
      options_(options),
      nextSweep_(Clock::now() + options.sweepInterval),
      sweepBatch_(largestSweep) {}

void Writer::run() {
  while (!queue_.closed() || !queue_.empty()) {
    queue_.waitForWork(nextSweep_);
    try {
      if (mapOutgrown_.exchange(false)) remap(Reach::writes);
      if (!queue_.empty()) serve();
      if (Clock::now() >= nextSweep_) sweep();
    } catch (const Failure& failure) {
      queue_.finishTaken(failure);  // it came before their commit
      queue_.refuseQueued(failure);
    } catch (const std::exception& error) {
      queue_.finishTaken(Failure(BackingErrc::unknownOutcome, error.what()));
    }
  }
}

void Writer::mapOutgrown() {
  mapOutgrown_ = true;
  queue_.wake();
}

void Writer::serve() {
  if (broken_) return queue_.refuseQueued(refusal());
  waitForCompany();
  // The transaction first: while another process holds the lock, what waits can still time out,
  // and what comes can still join.
  TransactionHandle txn = begin();
  const std::vector<WriteQueue::Item> group = queue_.take(groupCount, groupBytes);
  if (group.empty()) return;
  company_ = group.size();
  settle(group, std::move(txn));
}

// Those whose writes the last commit completed are likely to come back with the next at once. To
// wait for them a moment makes one commit of what would be two.
void Writer::waitForCompany() {
  const auto now = Clock::now();
  if (options_.commitInterval.count() > 0)
    return queue_.gather(options_.queueBound, lastCommit_ + options_.commitInterval);
  if (company_ > 1)
    queue_.gather(company_,
                  now + std::min<Clock::duration>(commitTime_ / 4, longestWaitForCompany));
}

void Writer::settle(Group group, TransactionHandle txn) {
  const std::optional<Failure> failure = attempt(group, std::move(txn));
  if (!failure || broken_ || group.size() == 1) {
    for (const WriteQueue::Item& item : group) queue_.finish(item, failure);
    return;
  }
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (broken_)
      queue_.finish(group[i], refusal());
    else
      settle(group.subspan(i, 1), begin());
  }
}

std::optional<Failure> Writer::attempt(Group group, TransactionHandle txn) {
  std::uint64_t need = 0;
  bool onlyRemoves = true;
  for (const WriteQueue::Item& item : group) {
    need += item->size();
    onlyRemoves = onlyRemoves && item->removes();
  }
  for (;;) {
    try {
      applyAndCommit(group, txn ? std::move(txn) : begin());
      closeReserve();
      return std::nullopt;
    } catch (const LmdbError& error) {
      if (broken_) return unknown(error);
      if (error.rc() == MDB_MAP_FULL && makeRoom(need, onlyRemoves)) continue;
      closeReserve();
      return error;
    } catch (const Failure& failure) {
      return failure;
    }
  }
}

void Writer::applyAndCommit(Group group, TransactionHandle txn) {
  Changes changes(txn.get(), environment_.table());
  failpoint("before-apply");
  for (const WriteQueue::Item& item : group) apply(changes, *item);
  failpoint("before-commit");
  commit(std::move(txn));
  failpoint("after-commit");
}

void Writer::apply(Changes& changes, const Operation& operation) {
  const std::string& storeId = *operation.storeId;
  if (const auto* puts = std::get_if<PutAll>(&operation.change)) {
    const std::uint64_t number = changes.numberFor(storeId);
    for (const Put& put : puts->entries)
      changes.put(number, put.key, put.value.bytes(), put.expires);
  } else if (const auto* remove = std::get_if<RemoveOne>(&operation.change)) {
    changes.remove(storeId, remove->key, remove->onlyIf);
  } else {
    changes.clear(storeId);
    nextSweep_ = Clock::now();
  }
}

TransactionHandle Writer::begin() {
  for (;;) {
    MDB_txn* begun = nullptr;
    const int rc = mdb_txn_begin(environment_.handle(), nullptr, 0, &begun);
    if (rc == MDB_SUCCESS) return TransactionHandle(begun);
    if (rc == MDB_PANIC) broken_ = true;
    if (rc != MDB_MAP_RESIZED) throw LmdbError(rc, "beginning to write");
    remap(Reach::writes);
  }
}

// A negative number is LMDB's own: it comes before anything is written. The want of room is clear
// as well, unless it hit the meta page, after which LMDB refuses everything.
void Writer::commit(TransactionHandle txn) {
  const auto start = Clock::now();
  const int rc = mdb_txn_commit(txn.release());
  lastCommit_ = Clock::now();
  commitTime_ = lastCommit_ - start;
  if (rc == MDB_SUCCESS) return;
  const bool clear = rc < 0 || meansFull(rc) || rc == ENOMEM;
  if (!clear) broken_ = true;
  if (clear && rc > 0) (void)begin();
  throw LmdbError(rc, "committing");
}

bool Writer::makeRoom(std::uint64_t need, bool onlyRemoves) {
  if (environment_.growFile(need, options_.mapLimit.bytes())) {
    remap(Reach::writes);
    return true;
  }
  if (freeDeadReaders()) return true;
  if (!onlyRemoves || reserveOpen_) return false;
  remap(Reach::removals);
  reserveOpen_ = true;
  return true;
}

// What a killed process was reading is kept for it until somebody looks.
bool Writer::freeDeadReaders() {
  int dead = 0;
  check(mdb_reader_check(environment_.handle(), &dead), "looking for dead readers");
  return dead > 0;
}

void Writer::closeReserve() try {
  if (!reserveOpen_) return;
  remap(Reach::writes);
  reserveOpen_ = false;
} catch (const Failure&) {
  // It stays open until the next time; what was committed is committed.
}

void Writer::remap(Reach reach) {
  if (!reads_.closeGate(Clock::now() + options_.deadline))
    throw Failure(BackingErrc::timeout, "a reader kept the map from moving");
  try {
    environment_.remap(reach);
  } catch (const Failure& failure) {
    if (environment_.mapLost()) {
      broken_ = true;
      reads_.refuse(failure);
    }
    reads_.openGate();
    throw;
  }
  reads_.openGate();
}

void Writer::sweep() {
  const bool more = !broken_ && sweepStep();
  nextSweep_ = Clock::now() + (more ? sweepPause : options_.sweepInterval);
}

// What could not be swept now is swept another time: it is hidden from readers all the same.
bool Writer::sweepStep() try {
  (void)freeDeadReaders();
  TransactionHandle txn = begin();
  Changes changes(txn.get(), environment_.table());
  const std::size_t limit = sweepBatch_;
  std::size_t swept = changes.sweepExpired(options_.clock(), limit);
  swept += changes.sweepGarbage(limit - swept);
  if (swept != 0) commit(std::move(txn));
  sweepBatch_ = std::min(2 * limit, largestSweep);
  closeReserve();
  return swept >= limit;
} catch (const LmdbError& error) {
  if (error.rc() != MDB_MAP_FULL) return false;
  const bool again = sweepBatch_ > 1;
  sweepBatch_ = std::max<std::size_t>(sweepBatch_ / 4, 1);
  return makeRoom(0, true) || again;
} catch (const Failure&) {
  return false;
}

}  // namespace persistance::backing::lmdb
