#include "backing/lmdb/open_file.hpp"

#include <algorithm>

namespace persistance::backing::lmdb {

namespace {

LmdbOptions withinBounds(LmdbOptions options) {
  options.deadline = std::max(options.deadline, std::chrono::milliseconds(1));
  // Each write would be past its deadline before its commit.
  if (options.commitInterval.count() < 0 || options.commitInterval >= options.deadline)
    throw Failure(BackingErrc::unsupported,
                  "a commitInterval of " + std::to_string(options.commitInterval.count()) +
                      " ms with a deadline of " + std::to_string(options.deadline.count()) +
                      " ms: it has to be shorter, and not negative");
  options.sweepInterval = std::max(options.sweepInterval, std::chrono::milliseconds(1));
  options.queueLimit = std::max<std::size_t>(options.queueLimit, 1);
  options.concurrentReads = std::clamp<std::size_t>(options.concurrentReads, 1, 126);
  return options;
}

}  // namespace

OpenFile::OpenFile(LmdbOptions options_, const Internals& internals)
    : options(withinBounds(std::move(options_))),
      environment_(std::in_place, options, internals),
      keyspace(environment_->keyspace()),
      reads(environment_->handle(), options.concurrentReads, [this] { writer_.mapOutgrown(); }),
      prefetcher(reads, keyspace),
      queue(std::make_shared<WriteQueue>(options.queueLimit, options.queueBytes.bytes())),
      writer_(*environment_, reads, *queue, options) {}

void OpenFile::refuseAfterFork() const {
  if (inForkedChild())
    throw Failure(BackingErrc::closed, "the store was opened before this process was forked");
}

void OpenFile::stop() { queue->close(); }

asio::awaitable<void> OpenFile::close() {
  stop();
  const auto executor = co_await asio::this_coro::executor;
  const auto deadline = Clock::now() + options.deadline;
  for (;;) {
    const auto place = closers_.join(executor);
    if (ended()) co_return;
    if (Clock::now() >= deadline)
      throw Failure(BackingErrc::timeout, "the disk did not finish what was queued");
    co_await place.wait(deadline);
  }
}

bool OpenFile::waitForEnd() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, options.deadline, [&] { return ended_; });
}

void OpenFile::write() {
  writer_.run();
  queue->refuseQueued(Failure(BackingErrc::closed));
  prefetcher.stop();
  reads.refuse(Failure(BackingErrc::closed));
  reads.drain();
  environment_.reset();
  end();
}

// All deadlines are equally far away: a write that comes while this sleeps is not due before it
// wakes, so nobody has to wake it.
void OpenFile::watchDeadlines() {
  while (!ended()) {
    const auto now = Clock::now();
    const auto next = queue->endOverdue(now).value_or(now + options.deadline);
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, next, [&] { return ended_; });
  }
}

bool OpenFile::ended() {
  const std::lock_guard lock(mutex_);
  return ended_;
}

void OpenFile::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  closers_.wakeAll();
}

}  // namespace persistance::backing::lmdb
