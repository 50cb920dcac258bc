#include "backing/redis/outbox.hpp"

namespace persistance::backing::redis {
namespace {

constexpr std::size_t batchBytes = std::size_t{1} << 20;
constexpr std::chrono::milliseconds retireInterval{100};

}  // namespace

Outbox::Outbox(RequestQueue::Limits limits, std::size_t breakerThreshold, std::string name)
    : name_(std::move(name)), queue_(limits), breaker_(breakerThreshold) {}

void Outbox::submit(const RequestPtr& request) {
  std::unique_lock lock(mutex_);
  if (std::optional<Refusal> refusal = accept(request)) {
    lock.unlock();
    return request->finish(std::move(*refusal));
  }
  if (!std::exchange(used_, true)) connectNow_ = true;
  if (request->deadline < armed_) rearm_ = true;
  const bool write = up_ && !writing_;
  if (connectNow_ || rearm_ || write) wake(std::move(lock));
}

std::optional<Refusal> Outbox::accept(const RequestPtr& request) {
  if (stopping_) return Refusal(BackingErrc::closed, false, "closed");
  if (!up_) {
    const Breaker::Answer answer = breaker_.admit(Clock::now());
    if (answer == Breaker::Answer::refuse) return lastFailure_;
    if (answer == Breaker::Answer::probe) connectNow_ = true;
  }
  if (queue_.offer(request)) return std::nullopt;
  return Refusal(BackingErrc::overloaded, false, "too many operations wait for " + name_);
}

void Outbox::wake(std::unique_lock<std::mutex> lock) {
  work_ = true;
  const std::shared_ptr<async::Event> wake = std::exchange(wake_, nullptr);
  lock.unlock();
  if (wake) wake->set();
}

void Outbox::stop() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  wake(std::move(lock));
}

void Outbox::retire() {
  std::unique_lock lock(mutex_);
  retiring_ = rearm_ = true;
  wake(std::move(lock));
}

bool Outbox::down() const {
  const std::lock_guard lock(mutex_);
  return stopping_ || (!up_ && breaker_.open());
}

bool Outbox::up() const {
  const std::lock_guard lock(mutex_);
  return up_;
}

bool Outbox::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

bool Outbox::used() const {
  const std::lock_guard lock(mutex_);
  return used_;
}

std::shared_ptr<async::Event> Outbox::idle(const asio::any_io_executor& strand) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || std::exchange(work_, false)) return nullptr;
  return wake_ = std::make_shared<async::Event>(strand);
}

Outbox::Work Outbox::takeWork() {
  const std::lock_guard lock(mutex_);
  return {stopping_, std::exchange(connectNow_, false), std::exchange(rearm_, false)};
}

void Outbox::connecting() {
  const std::lock_guard lock(mutex_);
  breaker_.attempt();
}

void Outbox::notConnected(const Refusal& why) {
  std::vector<RequestPtr> refused;
  {
    const std::lock_guard lock(mutex_);
    lastFailure_ = why;
    if (why.code == BackingErrc::unavailable) {
      breaker_.failed(Clock::now());
    } else {
      breaker_.refused(Clock::now());
    }
    const bool all = breaker_.open();
    refused = queue_.remove([all](const Request& request) { return all || request.failFast; });
  }
  for (const RequestPtr& request : refused) request->finish(why);
}

void Outbox::connected() {
  const std::lock_guard lock(mutex_);
  breaker_.connected();
  up_ = true;
  writing_ = false;
}

/// Also called when a coroutine is destroyed together with its context.
void Outbox::closeForGood() noexcept {
  std::vector<RequestPtr> waiting;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    up_ = false;
    waiting = queue_.remove([](const Request&) { return true; });
  }
  for (const RequestPtr& request : waiting) {
    request->finish(Refusal(BackingErrc::closed, false, "closed"));
  }
}

bool Outbox::take(std::vector<RequestPtr>& batch) {
  const std::lock_guard lock(mutex_);
  if (!up_ || writing_) return false;
  queue_.take(batch, batchBytes);
  return writing_ = !batch.empty();
}

void Outbox::written() {
  const std::lock_guard lock(mutex_);
  writing_ = false;
}

void Outbox::settle(const std::vector<RequestPtr>& complete) {
  const std::lock_guard lock(mutex_);
  for (const RequestPtr& request : complete) queue_.settle(*request);
}

bool Outbox::expire(Clock::time_point now) {
  std::vector<RequestPtr> due;
  bool over = false;
  {
    const std::lock_guard lock(mutex_);
    due = queue_.remove([now](const Request& request) { return request.deadline <= now; });
    over = retiring_ && queue_.outstanding() == 0;
  }
  for (const RequestPtr& request : due) {
    request->finish(Refusal(BackingErrc::timeout, false, "no connection to " + name_));
  }
  return over;
}

Clock::time_point Outbox::arm(Clock::time_point before) {
  const std::lock_guard lock(mutex_);
  armed_ = std::min(before, queue_.nextDeadline());
  if (retiring_) armed_ = std::min(armed_, Clock::now() + retireInterval);
  return armed_;
}

}  // namespace persistance::backing::redis
