#include "instance.hpp"

#include <utility>

namespace persistance::layer::detail {

Instance::Instance(std::shared_ptr<Worker> worker, RecipePtr recipe, Services with, MemoPtr memo)
    : Asker(std::move(worker)), recipe_(std::move(recipe)), memo_(std::move(memo)) {
  services = std::move(with);
}

Instance::~Instance() {
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(memo_->family->mutex);
    leaveMemo();
    waiters.swap(waiters_);
  }
  // The execution context that built it is gone. Who waited on another one builds it there.
  for (const Waiter& waiter : waiters) tell(waiter, Answer(), nullptr);
}

void Instance::leaveMemo() {
  if (std::exchange(counted_, false)) --memo_->family->dynamic;
  const auto place = memo_->instances.find(recipe_.get());
  if (place != memo_->instances.end() && place->second == this) memo_->instances.erase(place);
}

void Instance::step() {
  if (ended_ || pending_ > 0 || operation_.running) return;
  keepChildren();
  if (operation_.error && !failure_) {
    failure_ = std::exchange(operation_.error, nullptr);
    if (!cancelled_) noteFailure(failure_, name());
  }
  if (cancelled_ && !failure_) failure_ = aborted();
  if (failure_) return closeAndFail();
  try {
    recipe_->advance(*this, step_++);
  } catch (...) {
    failure_ = std::current_exception();
    noteFailure(failure_, name());
    closeAndFail();
  }
}

void Instance::build(std::vector<Wanted> layers, Sharing sharing, OnError onError) {
  childMemo_ = sharing == Sharing::shared ? memo_ : std::make_shared<Memo>(memo_->family);
  onError_ = onError;
  children_.clear();
  children_.reserve(layers.size());
  for (Wanted& wanted : layers) children_.emplace_back(std::move(wanted));
  built.assign(layers.size(), Built());
  pending_ = layers.size() + 1;  // one for this function, so that it ends before the next step
  std::vector<JobPtr> started;
  for (std::size_t slot = 0; slot < children_.size(); ++slot) ask(slot, started);
  if (--pending_ == 0) worker_->push(shared_from_this());
  worker_->push(std::move(started));
}

void Instance::build(const Ref& layer, const Services& with, Sharing sharing, OnError onError) {
  std::vector<Wanted> one;
  one.emplace_back(layer, with.only(layer.needs));
  build(std::move(one), sharing, onError);
}

void Instance::ask(std::size_t slot, std::vector<JobPtr>& started) {
  Child& child = children_[slot];
  child.waited = request(self(), slot, child.wanted, childMemo_, started);
}

void Instance::answered(std::size_t slot, Answer answer) {
  Child& child = children_[slot];
  if (answer.kind == Answer::Kind::again) {
    if (!cancelled_ && !failure_) {
      std::vector<JobPtr> started;
      ask(slot, started);
      return worker_->push(std::move(started));
    }
    answer = Answer::failure(aborted());
  }
  child.pending = false;
  child.held = std::move(answer.instance);
  if (answer.kind == Answer::Kind::value) {
    built[slot].services = answer.services.only(child.wanted.layer.gives);
  } else if (onError_ == OnError::tell) {
    built[slot].error = combined(answer.error, std::move(answer.failures));
  } else {
    addFailures(failures_, std::move(answer.failures));
    if (!failure_) {
      failure_ = answer.error;
      withdrawChildren();
    }
  }
  if (--pending_ == 0) worker_->push(shared_from_this());
}

// In the order in which they were asked for, whichever was there first.
void Instance::keepChildren() {
  for (Child& child : children_) {
    if (child.held) (void)scope_->add(std::move(child.held));
    child.held = nullptr;
  }
}

void Instance::withdrawChildren() {
  for (std::size_t slot = 0; slot < children_.size(); ++slot) {
    if (!children_[slot].pending) continue;
    if (const InstancePtr child = children_[slot].waited.lock()) withdraw(child, *this, slot);
  }
}

void Instance::cancel() {
  if (ended_ || cancelled_) return;
  cancelled_ = true;
  if (operation_.running) operation_.signal.emit(asio::cancellation_type::terminal);
  withdrawChildren();
  worker_->push(shared_from_this());
}

void Instance::call(const Function& function, Services with, std::exception_ptr cause) {
  call_.emplace(std::move(with), Scope(scope_), std::move(cause));
  given = Given();
  start(function.call(*call_, given));
}

void Instance::wait(std::chrono::milliseconds duration) { start(sleepFor(duration)); }

void Instance::start(asio::awaitable<void> work) {
  if (work.valid()) {
    worker_->start(shared_from_this(), operation_, std::move(work));
  } else {
    worker_->push(shared_from_this());
  }
}

// What the build held dies here; what it acquired is in the scope.
void Instance::endBuild() {
  ended_ = true;
  children_.clear();
  built.clear();
  call_.reset();
  given = Given();
  services = Services();
  kept = Services();
  error = nullptr;
}

void Instance::done(Services result) {
  endBuild();
  const std::shared_ptr<Worker> worker = worker_;
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(memo_->family->mutex);
    if (std::exchange(counted_, false)) --memo_->family->dynamic;
    if (state_ == State::building) {
      state_ = State::ready;
      result_ = result;
      waiters.swap(waiters_);
      // What is built may outlive the execution context that it was built on; a strand may not.
      worker_.reset();
    }
  }
  if (waiters.empty()) {
    // Everybody has gone, and the cancellation came too late.
    failure_ = aborted();
    return closeAndFail();
  }
  for (const Waiter& waiter : waiters) tell(waiter, Answer::value(result, self()), worker.get());
}

void Instance::fail(std::exception_ptr cause) {
  failure_ = std::move(cause);
  closeAndFail();
}

void Instance::closeAndFail() {
  endBuild();
  {
    const std::lock_guard lock(memo_->family->mutex);
    if (state_ == State::building) state_ = State::failing;
  }
  auto closed = [self = self()](CloseFailures failures) {
    addFailures(self->failures_, std::move(failures));
    self->failed();
  };
  worker_->push(std::make_shared<Closer>(worker_, scope_, name(), Exit(failure_), closed));
}

void Instance::failed() {
  std::vector<Waiter> waiters;
  bool cancelling = false;
  {
    const std::lock_guard lock(memo_->family->mutex);
    cancelling = state_ == State::cancelling;
    state_ = State::gone;
    leaveMemo();
    waiters.swap(waiters_);
  }
  // Who came while it was being cancelled has not been cancelled.
  for (const Waiter& waiter : waiters) {
    const bool again = cancelling && !waiter.cancelled;
    tell(waiter, again ? Answer() : Answer::failure(failure_, failures_), worker_.get());
  }
}

}  // namespace persistance::layer::detail
