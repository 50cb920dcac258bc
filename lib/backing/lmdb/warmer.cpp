#include "backing/lmdb/warmer.hpp"

#include <algorithm>

namespace persistance::backing::lmdb {

asio::awaitable<void> Warmer::warm(std::size_t ordinal, std::shared_ptr<const std::string> storeId,
                                   std::vector<std::string> keys,
                                   std::chrono::milliseconds deadline) {
  const auto executor = co_await asio::this_coro::executor;
  const auto job = std::make_shared<Job>(ordinal, std::move(storeId), std::move(keys),
                                         Clock::now() + deadline, executor);
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) throw Failure(BackingErrc::closed);
    waiting_.push_back(job);
  }
  changed_.notify_one();
  std::shared_ptr<async::Event> done(job, &job->done);
  co_await async::Event::wait(std::move(done));
  if (job->late) throw Failure(BackingErrc::timeout, "the disk did not answer");
}

void Warmer::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopped_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const auto job = underWay_.insert(underWay_.end(), std::move(waiting_.front()));
    waiting_.pop_front();
    lock.unlock();
    touch(**job);
    lock.lock();
    (*job)->done.set();  // late or not: a second set() does nothing
    underWay_.erase(job);
  }
}

void Warmer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
}

// What goes wrong here goes wrong again in the read itself, and is reported there.
void Warmer::touch(const Job& job) noexcept try {
  const auto lease = reads_.tryLease();
  if (!lease) return;
  const auto number = lease->numbers().number(lease->txn(), table_, job.ordinal, *job.storeId);
  if (!number) return;
  for (const std::string& key : job.keys) {
    const Place place = locate(lease->txn(), table_, *number, key);
    if (place.sealed)
      (void)unseal(place.name.bytes(), inMap(table_, asValue(*place.sealed)));  // reads all of it
  }
} catch (...) {
}

std::optional<Warmer::Clock::time_point> Warmer::wakeLate(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  std::optional<Clock::time_point> next;
  const auto see = [&](const std::shared_ptr<Job>& job) {
    const bool isLate = job->deadline <= now;
    if (isLate && !job->late) {
      job->late = true;
      job->done.set();
    }
    if (!isLate) next = std::min(next.value_or(job->deadline), job->deadline);
    return isLate;
  };
  for (const auto& job : underWay_) see(job);
  std::erase_if(waiting_, see);
  return next;
}

}  // namespace persistance::backing::lmdb
