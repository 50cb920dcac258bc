#include "backing/lmdb/engine.hpp"

#include <algorithm>

namespace persistance::backing::lmdb {

namespace {

LmdbOptions sane(LmdbOptions options) {
  options.deadline = std::max(options.deadline, std::chrono::milliseconds(1));
  options.sweepInterval = std::max(options.sweepInterval, std::chrono::milliseconds(1));
  options.queueBound = std::max<std::size_t>(options.queueBound, 1);
  options.concurrentReads = std::clamp<std::size_t>(options.concurrentReads, 1, 126);
  return options;
}

}  // namespace

Engine::Engine(LmdbOptions options_, const Internals& internals)
    : options(sane(std::move(options_))),
      environment_(std::in_place, options, internals),
      table(environment_->table()),
      reads(environment_->handle(), options.concurrentReads, [this] { writer_.mapOutgrown(); }),
      queue(std::make_shared<WriteQueue>(options.queueBound)),
      writer_(*environment_, reads, *queue, options) {}

void Engine::refuseAfterFork() const {
  if (inForkedChild())
    throw Failure(BackingErrc::closed, "the store was opened before this process was forked");
}

asio::awaitable<ReadPool::Lease> Engine::lease() {
  const auto executor = co_await asio::this_coro::executor;
  const auto deadline = Clock::now() + options.deadline;
  for (;;) {
    if (auto lease = reads.tryLease()) co_return std::move(*lease);
    if (Clock::now() >= deadline)
      throw Failure(BackingErrc::overloaded, "all read transactions are in use");
    const auto event = std::make_shared<async::Event>(executor);
    reads.wait(event, deadline);
    co_await async::Event::wait(event);
  }
}

void Engine::write() {
  writer_.run();
  queue->refuseQueued(Failure(BackingErrc::closed));
  reads.refuse(Failure(BackingErrc::closed));
  reads.drain();
  environment_.reset();
  end();
}

void Engine::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  for (const Waiting& one : closers_) one.event->set();
  closers_.clear();
  changed_.notify_all();
}

// Every wait has the same length. So whoever begins to wait while this sleeps is not late before it
// wakes, and nobody has to wake it.
void Engine::watch() {
  while (!ended()) {
    const auto now = Clock::now();
    auto next = now + options.deadline;
    if (const auto late = queue->endLate(now)) next = std::min(next, *late);
    if (const auto late = reads.wakeLate(now)) next = std::min(next, *late);
    std::unique_lock lock(mutex_);
    std::erase_if(closers_, [&](const Waiting& one) {
      if (one.deadline > now) next = std::min(next, one.deadline);
      if (one.deadline <= now) one.event->set();
      return one.deadline <= now;
    });
    changed_.wait_until(lock, next, [&] { return ended_; });
  }
}

bool Engine::ended() {
  const std::lock_guard lock(mutex_);
  return ended_;
}

void Engine::stop() { queue->close(); }

bool Engine::waitForEnd() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, options.deadline, [&] { return ended_; });
}

asio::awaitable<void> Engine::close() {
  stop();
  const auto event = std::make_shared<async::Event>(co_await asio::this_coro::executor);
  {
    const std::lock_guard lock(mutex_);
    if (ended_) co_return;
    closers_.push_back({event, Clock::now() + options.deadline});
  }
  co_await async::Event::wait(event);
  if (!ended()) throw Failure(BackingErrc::timeout, "the disk did not finish what was queued");
}

}  // namespace persistance::backing::lmdb
