#include "backing/lmdb/prefetcher.hpp"

#include "async/waiters.hpp"

namespace persistance::backing::lmdb {

asio::awaitable<void> Prefetcher::prefetch(std::size_t ordinal,
                                           std::shared_ptr<const std::string> storeId,
                                           std::vector<std::string> keys,
                                           std::chrono::milliseconds deadline) {
  const auto executor = co_await asio::this_coro::executor;
  const auto job = std::make_shared<Job>(ordinal, std::move(storeId), std::move(keys),
                                         Clock::now() + deadline, executor);
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) throw Failure(BackingErrc::closed);
    jobs_.push_back(job);
  }
  changed_.notify_one();
  std::shared_ptr<async::Event> done(job, &job->done);
  co_await async::waitUntil(std::move(done), job->deadline);
  if (Clock::now() >= job->deadline) throw Failure(BackingErrc::timeout, "the disk did not answer");
}

void Prefetcher::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopped_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    const auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    if (Clock::now() < job->deadline) fetch(*job);
    job->done.set();
    lock.lock();
  }
}

void Prefetcher::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
}

// What goes wrong here goes wrong again in the read itself, and is reported there.
void Prefetcher::fetch(const Job& job) noexcept try {
  const auto lease = reads_.tryLease();
  if (!lease) return;
  const auto number = lease->numbers().number(lease->txn(), keyspace_, job.ordinal, *job.storeId);
  if (!number) return;
  for (const std::string& key : job.keys) {
    const Place place = locate(lease->txn(), keyspace_, *number, key);
    if (place.sealed)
      (void)unseal(place.name.bytes(), inMap(keyspace_, asValue(*place.sealed)));  // reads all
  }
} catch (...) {
}

}  // namespace persistance::backing::lmdb
