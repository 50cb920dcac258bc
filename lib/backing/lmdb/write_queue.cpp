#include "backing/lmdb/write_queue.hpp"

#include <algorithm>
#include <numeric>

namespace persistance::backing::lmdb {

std::uint64_t Operation::size() const noexcept {
  const auto* puts = std::get_if<PutAll>(&change);
  if (puts == nullptr) return 0;
  constexpr std::uint64_t perEntry = 2 * maxKeyInDatabase;  // the names, and the pages' own needs
  return std::accumulate(puts->entries.begin(), puts->entries.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Put& put) {
                           return sum + perEntry + put.key.size() + put.value.bytes().size();
                         });
}

asio::awaitable<void> WriteQueue::submit(std::shared_ptr<WriteQueue> queue,
                                         std::shared_ptr<const std::string> storeId, Change change,
                                         std::chrono::milliseconds deadline) {
  const auto executor = co_await asio::this_coro::executor;
  const auto item = std::make_shared<Operation>(executor, std::move(storeId), std::move(change),
                                                Clock::now() + deadline);
  queue->push(item);
  // Runs on every way out of here, the destruction of the io_context included.
  struct Withdrawal {
    WriteQueue& queue;
    const Item& item;
    ~Withdrawal() { queue.withdraw(item); }
  };
  const Withdrawal withdrawal{*queue, item};
  std::shared_ptr<async::Event> done(item, &item->done);
  co_await async::Event::wait(std::move(done));
  if (item->failure) throw Failure(*item->failure);
}

void WriteQueue::push(const Item& item) {
  bool enough = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) throw Failure(BackingErrc::closed);
    row_.push_back(item);
    item->ticket = tickets_++;
    ++live_;
    if (live_ <= bound_) room_ = tickets_;
    enough = live_ == wanted_;
  }
  if (enough) changed_.notify_one();
}

void WriteQueue::withdraw(const Item& item) noexcept {
  const std::lock_guard lock(mutex_);
  if (item->state != Operation::State::queued) return;
  item->state = Operation::State::ended;
  item->change = ClearAll();  // its memory goes now, its place when it reaches the front
  --live_;
}

void WriteQueue::waitForWork(Clock::time_point until) {
  std::unique_lock lock(mutex_);
  wanted_ = 1;
  changed_.wait_until(lock, until, [&] { return live_ > 0 || woken_ || closed_; });
  wanted_ = 0;
  woken_ = false;
}

void WriteQueue::gather(std::size_t count, Clock::time_point until) {
  std::unique_lock lock(mutex_);
  wanted_ = count;
  changed_.wait_until(lock, until, [&] { return live_ >= count || closed_; });
  wanted_ = 0;
}

std::vector<WriteQueue::Item> WriteQueue::take(std::size_t count, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  taken_.clear();
  std::uint64_t sum = 0;
  for (dropEnded(); !row_.empty() && taken_.size() < count; dropEnded()) {
    const Item& front = row_.front();
    sum += front->size();
    if (!taken_.empty() && sum > bytes) break;
    front->state = Operation::State::taken;
    taken_.push_back(front);
    row_.pop_front();
    --live_;
  }
  room_ = std::max(room_, tickets_ - live_ + std::min(live_, bound_));
  return taken_;
}

void WriteQueue::finish(const Item& item, std::optional<Failure> failure) {
  const std::lock_guard lock(mutex_);
  if (item->state == Operation::State::taken) end(*item, std::move(failure));
}

void WriteQueue::finishTaken(const Failure& failure) {
  const std::lock_guard lock(mutex_);
  for (const Item& item : taken_)
    if (item->state == Operation::State::taken) end(*item, failure);
}

std::optional<WriteQueue::Clock::time_point> WriteQueue::endLate(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  for (dropEnded(); !row_.empty() && row_.front()->deadline <= now; dropEnded()) {
    const bool waited = row_.front()->ticket >= room_;
    --live_;
    end(*row_.front(),
        waited ? Failure(BackingErrc::overloaded, "the queue in front of the disk stayed full")
               : Failure(BackingErrc::timeout, "the writer did not get to it"));
  }
  std::optional<Clock::time_point> next;
  if (!row_.empty()) next = row_.front()->deadline;
  for (const Item& item : taken_) {
    if (item->state != Operation::State::taken) continue;
    if (item->deadline <= now)
      end(*item, Failure(BackingErrc::unknownOutcome, "the disk did not finish the commit"));
    else
      next = std::min(next.value_or(item->deadline), item->deadline);
  }
  return next;
}

void WriteQueue::end(Operation& operation, std::optional<Failure> failure) {
  operation.state = Operation::State::ended;
  operation.failure = std::move(failure);
  operation.done.set();
}

void WriteQueue::dropEnded() noexcept {
  while (!row_.empty() && row_.front()->state == Operation::State::ended) row_.pop_front();
}

void WriteQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

void WriteQueue::refuseQueued(const Failure& failure) {
  const std::lock_guard lock(mutex_);
  for (const Item& item : row_)
    if (item->state == Operation::State::queued) end(*item, failure);
  row_.clear();
  live_ = 0;
}

void WriteQueue::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

bool WriteQueue::empty() const {
  const std::lock_guard lock(mutex_);
  return live_ == 0;
}

bool WriteQueue::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace persistance::backing::lmdb
