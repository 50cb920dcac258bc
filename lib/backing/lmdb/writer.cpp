#include "backing/lmdb/writer.hpp"

#include "backing/lmdb/failpoint.hpp"

#include <algorithm>
#include <new>

namespace persistance::backing::lmdb {

namespace {

constexpr std::size_t groupLimit = 1024;
constexpr std::uint64_t groupBytes = std::uint64_t{16} << 20;
constexpr auto gatherLimit = std::chrono::microseconds(200);

Failure inDoubt(const Failure& cause) {
  return Failure(BackingErrc::unknownOutcome, "the commit failed: " + cause.detail());
}

Failure refusal() {
  return Failure(BackingErrc::io, "an earlier commit failed; open the store anew to write again");
}

}  // namespace

Writer::Writer(Environment& environment, ReadPool& reads, WriteQueue& queue,
               const LmdbOptions& options)
    : queue_(queue),
      options_(options),
      access_(environment, reads, options),
      sweeper_(access_, options) {}

void Writer::run() {
  while (!queue_.closed() || !queue_.empty()) {
    queue_.waitForWork(sweeper_.next());
    try {
      if (mapOutgrown_.exchange(false)) access_.remap(Reach::writes);
      if (!queue_.empty()) serve();
      if (Clock::now() >= sweeper_.next()) sweeper_.sweep();
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
  if (access_.failed()) return queue_.refuseQueued(refusal());
  gatherGroup();
  // The transaction first: while another process holds the lock, what is queued can still time out,
  // and what comes can still join.
  TransactionHandle txn = access_.begin();
  const std::vector<WriteQueue::Item> group = queue_.take(groupLimit, groupBytes);
  if (group.empty()) return;
  lastGroupSize_ = group.size();
  settle(group, std::move(txn));
}

// Those whose writes the last commit completed are likely to write again at once. To wait a moment
// for them makes one commit of what would be two.
void Writer::gatherGroup() {
  if (options_.commitInterval.count() > 0) return gatherForInterval();
  if (lastGroupSize_ > 1)
    queue_.gather(lastGroupSize_, Clock::now() + std::min<Clock::duration>(
                                                     access_.commitDuration() / 4, gatherLimit));
}

// What one commit does not hold of those that have waited is not to wait again.
void Writer::gatherForInterval() {
  const auto first = queue_.firstDeadline();
  if (!first || *first - options_.deadline <= gathered_) return;
  queue_.gather(options_.queueLimit, gathered_ + options_.commitInterval);
  gathered_ = Clock::now();
}

void Writer::settle(Group group, TransactionHandle txn) {
  const std::optional<Failure> failure = attempt(group, std::move(txn));
  if (!failure || access_.failed() || group.size() == 1) {
    for (const WriteQueue::Item& item : group) queue_.finish(item, failure);
    return;
  }
  const std::size_t half = group.size() / 2;
  for (const Group part : {group.first(half), group.subspan(half)}) {
    if (!access_.failed())
      settle(part, access_.begin());
    else
      for (const WriteQueue::Item& item : part) queue_.finish(item, refusal());
  }
}

std::optional<Failure> Writer::attempt(Group group, TransactionHandle txn) try {
  return applyWithRoom(group, std::move(txn));
} catch (const Failure& failure) {
  return access_.failed() ? inDoubt(failure) : failure;
} catch (const std::bad_alloc&) {
  return Failure(BackingErrc::outOfMemory, "applying a group of writes");
}

std::optional<Failure> Writer::applyWithRoom(Group group, TransactionHandle txn) {
  std::uint64_t need = 0;
  bool onlyRemoves = true;
  for (const WriteQueue::Item& item : group) {
    need += item->size();
    onlyRemoves = onlyRemoves && item->removes();
  }
  for (;; need /= 4) {  // an estimate, and what is missing is less
    try {
      applyAndCommit(group, txn ? std::move(txn) : access_.begin());
      access_.closeReserve();
      return std::nullopt;
    } catch (const LmdbError& error) {
      if (!access_.failed() && error.rc() == MDB_MAP_FULL && access_.makeRoom(need, onlyRemoves))
        continue;
      access_.closeReserve();
      throw;
    }
  }
}

void Writer::applyAndCommit(Group group, TransactionHandle txn) {
  Changes changes = access_.changesIn(txn.get());
  failpoint("before-apply");
  for (const WriteQueue::Item& item : group) apply(changes, *item);
  failpoint("before-commit");
  access_.commit(std::move(txn));
  failpoint("after-commit");
}

void Writer::apply(Changes& changes, const Operation& operation) {
  const std::string& storeId = *operation.storeId;
  if (const auto* puts = std::get_if<PutAll>(&operation.change)) {
    const std::uint64_t number = changes.numberFor(storeId);
    for (const Put& put : puts->entries)
      changes.put(number, put.key, put.value.bytes(), put.expires);
  } else if (const auto* remove = std::get_if<RemoveAll>(&operation.change)) {
    changes.remove(storeId, remove->keys);
  } else if (const auto* set = std::get_if<CompareAndSet>(&operation.change)) {
    *set->done = changes.exchange(storeId, *set, options_.clock());
  } else {
    changes.clear(storeId);
    sweeper_.wake();
  }
}

}  // namespace persistance::backing::lmdb
