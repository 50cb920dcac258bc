#include "backing/lmdb/write_queue.hpp"

#include <algorithm>

namespace persistance::backing::lmdb {

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
  const std::uint64_t held = item->memory();
  {
    const std::lock_guard lock(mutex_);
    if (closed_) throw Failure(BackingErrc::closed);
    if (bytes_ > 0 && bytes_ + held > byteLimit_)
      throw Failure(BackingErrc::overloaded, "the queued writes hold all the bytes that they may");
    items_.push_back(item);
    item->held = held;
    bytes_ += held;
    item->ticket = nextTicket_++;
    ++queuedCount_;
    if (queuedCount_ <= limit_) admitted_ = nextTicket_;
    enough = queuedCount_ == awaitedCount_;
  }
  if (enough) changed_.notify_one();
}

void WriteQueue::withdraw(const Item& item) noexcept {
  const std::lock_guard lock(mutex_);
  if (item->state != Operation::State::queued) return;
  item->state = Operation::State::ended;
  bytes_ -= item->held;
  item->change = ClearAll();  // frees its memory now; the item goes when it reaches the front
  --queuedCount_;
}

void WriteQueue::waitForWork(Clock::time_point until) {
  std::unique_lock lock(mutex_);
  awaitedCount_ = 1;
  changed_.wait_until(lock, until, [&] { return queuedCount_ > 0 || woken_ || closed_; });
  awaitedCount_ = 0;
  woken_ = false;
}

void WriteQueue::gather(std::size_t count, Clock::time_point until) {
  std::unique_lock lock(mutex_);
  awaitedCount_ = count;
  changed_.wait_until(lock, until, [&] { return queuedCount_ >= count || closed_; });
  awaitedCount_ = 0;
}

std::vector<WriteQueue::Item> WriteQueue::take(std::size_t count, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  taken_.clear();
  std::uint64_t sum = 0;
  for (dropEnded(); !items_.empty() && taken_.size() < count; dropEnded()) {
    const Item& front = items_.front();
    sum += front->size();
    if (!taken_.empty() && sum > bytes) break;
    front->state = Operation::State::taken;
    taken_.push_back(front);
    items_.pop_front();
    --queuedCount_;
  }
  admitted_ = std::max(admitted_, nextTicket_ - queuedCount_ + std::min(queuedCount_, limit_));
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

std::optional<WriteQueue::Clock::time_point> WriteQueue::endOverdue(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  for (dropEnded(); !items_.empty() && items_.front()->deadline <= now; dropEnded()) {
    const bool waited = items_.front()->ticket >= admitted_;
    --queuedCount_;
    end(*items_.front(),
        waited ? Failure(BackingErrc::overloaded, "the queue in front of the disk stayed full")
               : Failure(BackingErrc::timeout, "the writer did not get to it"));
  }
  std::optional<Clock::time_point> next;
  if (!items_.empty()) next = items_.front()->deadline;
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
  bytes_ -= operation.held;
  operation.failure = std::move(failure);
  operation.done.set();
}

void WriteQueue::dropEnded() noexcept {
  while (!items_.empty() && items_.front()->state == Operation::State::ended) items_.pop_front();
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
  for (const Item& item : items_)
    if (item->state == Operation::State::queued) end(*item, failure);
  items_.clear();
  queuedCount_ = 0;
}

void WriteQueue::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

std::optional<WriteQueue::Clock::time_point> WriteQueue::firstDeadline() {
  const std::lock_guard lock(mutex_);
  dropEnded();
  if (items_.empty()) return std::nullopt;
  return items_.front()->deadline;
}

bool WriteQueue::empty() const {
  const std::lock_guard lock(mutex_);
  return queuedCount_ == 0;
}

bool WriteQueue::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace persistance::backing::lmdb
