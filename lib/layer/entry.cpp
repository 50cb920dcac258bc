#include "entry.hpp"

#include <utility>

namespace persistance::layer::detail {

Entry::Entry(std::shared_ptr<Engine> engine, NodePtr node, Services with, TablePtr table)
    : Asker(std::move(engine)), node_(std::move(node)), table_(std::move(table)) {
  services = std::move(with);
}

Entry::~Entry() {
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(table_->family->mutex);
    leaveTable();
    waiters.swap(waiters_);
  }
  // The execution context that built it is gone. Who waited on another one builds it there.
  for (const Waiter& waiter : waiters) tell(waiter, Answer(), nullptr);
}

void Entry::leaveTable() {
  if (std::exchange(counted_, false)) --table_->family->dynamic;
  const auto place = table_->entries.find(node_.get());
  if (place != table_->entries.end() && place->second == this) table_->entries.erase(place);
}

void Entry::step() {
  if (ended_ || pending_ > 0 || operation_.running) return;
  keepChildren();
  if (operation_.error && !failure_) {
    failure_ = std::exchange(operation_.error, nullptr);
    noteFailure(failure_, name());
  }
  if (cancelled_ && !failure_) failure_ = aborted();
  if (failure_) return closeAndFail();
  try {
    node_->advance(*this, step_++);
  } catch (...) {
    failure_ = std::current_exception();
    noteFailure(failure_, name());
    closeAndFail();
  }
}

void Entry::build(std::vector<Wanted> layers, Sharing sharing, OnError onError) {
  childTable_ = sharing == Sharing::shared ? table_ : std::make_shared<Table>(table_->family);
  onError_ = onError;
  children_.clear();
  children_.reserve(layers.size());
  for (Wanted& wanted : layers) children_.emplace_back(std::move(wanted));
  built.assign(layers.size(), Built());
  pending_ = layers.size() + 1;  // one for this function, so that it ends before the next step
  std::vector<JobPtr> started;
  for (std::size_t slot = 0; slot < children_.size(); ++slot) ask(slot, started);
  if (--pending_ == 0) engine_->push(shared_from_this());
  engine_->push(std::move(started));
}

void Entry::ask(std::size_t slot, std::vector<JobPtr>& started) {
  Child& child = children_[slot];
  child.waited = request(self(), slot, child.wanted, childTable_, started);
}

void Entry::answered(std::size_t slot, Answer answer) {
  Child& child = children_[slot];
  if (answer.kind == Answer::Kind::again) {
    if (!cancelled_ && !failure_) {
      std::vector<JobPtr> started;
      ask(slot, started);
      return engine_->push(std::move(started));
    }
    answer = Answer::failure(aborted());
  }
  child.pending = false;
  child.held = std::move(answer.entry);
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
  if (--pending_ == 0) engine_->push(shared_from_this());
}

// In the order in which they were asked for, whichever was there first.
void Entry::keepChildren() {
  for (Child& child : children_) {
    if (child.held) (void)scope_->add(std::move(child.held));
    child.held = nullptr;
  }
}

void Entry::withdrawChildren() {
  for (std::size_t slot = 0; slot < children_.size(); ++slot) {
    if (!children_[slot].pending) continue;
    if (const EntryPtr child = children_[slot].waited.lock()) withdraw(child, *this, slot);
  }
}

void Entry::cancel() {
  if (ended_ || cancelled_) return;
  cancelled_ = true;
  if (operation_.running) operation_.signal.emit(asio::cancellation_type::terminal);
  withdrawChildren();
  engine_->push(shared_from_this());
}

void Entry::call(const Function& function, Services with, std::exception_ptr cause) {
  call_.emplace(std::move(with), Scope(scope_), std::move(cause));
  given = Given();
  start(function.call(*call_, given));
}

void Entry::wait(std::chrono::milliseconds duration) { start(sleepFor(duration)); }

void Entry::start(asio::awaitable<void> work) {
  if (work.valid()) {
    engine_->start(shared_from_this(), operation_, std::move(work));
  } else {
    engine_->push(shared_from_this());
  }
}

// What the build held dies here; what it acquired is in the scope.
void Entry::endBuild() {
  ended_ = true;
  children_.clear();
  built.clear();
  call_.reset();
  given = Given();
  services = Services();
  kept = Services();
  error = nullptr;
}

void Entry::done(Services result) {
  endBuild();
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(table_->family->mutex);
    if (std::exchange(counted_, false)) --table_->family->dynamic;
    if (state_ == State::building) {
      state_ = State::ready;
      result_ = result;
      waiters.swap(waiters_);
    }
  }
  if (waiters.empty()) {
    // Everybody has gone, and the cancellation came too late.
    failure_ = aborted();
    return closeAndFail();
  }
  for (const Waiter& waiter : waiters) tell(waiter, Answer::value(result, self()), engine_.get());
}

void Entry::fail(std::exception_ptr cause) {
  failure_ = std::move(cause);
  closeAndFail();
}

void Entry::closeAndFail() {
  endBuild();
  {
    const std::lock_guard lock(table_->family->mutex);
    if (state_ == State::building) state_ = State::failing;
  }
  auto closed = [self = self()](CloseFailures failures) {
    addFailures(self->failures_, std::move(failures));
    self->failed();
  };
  engine_->push(std::make_shared<Closer>(engine_, scope_, name(), Exit(failure_), closed));
}

void Entry::failed() {
  std::vector<Waiter> waiters;
  bool cancelling = false;
  {
    const std::lock_guard lock(table_->family->mutex);
    cancelling = state_ == State::cancelling;
    state_ = State::gone;
    leaveTable();
    waiters.swap(waiters_);
  }
  // Who came while it was being cancelled has not been cancelled.
  for (const Waiter& waiter : waiters) {
    const bool again = cancelling && !waiter.cancelled;
    tell(waiter, again ? Answer() : Answer::failure(failure_, failures_), engine_.get());
  }
}

}  // namespace persistance::layer::detail
