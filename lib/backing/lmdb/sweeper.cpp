#include "backing/lmdb/sweeper.hpp"

#include "backing/lmdb/changes.hpp"

#include <algorithm>

namespace persistance::backing::lmdb {

namespace {

constexpr std::size_t largestBatch = 1000;
constexpr auto pauseBetweenSteps = std::chrono::milliseconds(10);

}  // namespace

Sweeper::Sweeper(WriteAccess& access, const LmdbOptions& options)
    : access_(access),
      options_(options),
      next_(Clock::now() + options.sweepInterval),
      batch_(largestBatch) {}

void Sweeper::sweep() {
  next_ = Clock::now() + options_.sweepInterval;
  if (!access_.failed() && step()) next_ = Clock::now() + pauseBetweenSteps;
}

// True: there is more to sweep.
bool Sweeper::step() try {
  (void)access_.freeDeadReaders();
  TransactionHandle txn = access_.begin();
  Changes changes = access_.changesIn(txn.get());
  const std::size_t limit = batch_;
  std::size_t swept = changes.sweepExpired(options_.clock(), limit);
  swept += changes.sweepGarbage(limit - swept);
  if (swept != 0 || access_.carriesOver()) access_.commit(std::move(txn));
  batch_ = std::min(2 * limit, largestBatch);
  access_.closeReserve();
  return swept >= limit;
} catch (const LmdbError& error) {
  return error.rc() == MDB_MAP_FULL && makeRoomToDelete();
} catch (const std::exception&) {
  return false;  // the clock is the user's, and may throw as well
}

bool Sweeper::makeRoomToDelete() try {
  const bool canBeSmaller = batch_ > 1;
  batch_ = std::max<std::size_t>(batch_ / 4, 1);
  return access_.makeRoom(0, true) || canBeSmaller;
} catch (const std::exception&) {
  return false;
}

}  // namespace persistance::backing::lmdb
