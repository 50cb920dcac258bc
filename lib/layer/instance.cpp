#include "instance.hpp"

#include <utility>

#include "failure_notes.hpp"
#include "flat_delete.hpp"
#include "supervisor.hpp"

namespace persistance::layer::detail {

Instance::Instance(const Asker& asker, RecipePtr recipe, Services with, MemoPtr memo)
    : Asker(asker.worker()),
      services(std::move(with)),
      recipe_(std::move(recipe)),
      memo_(std::move(memo)),
      scope_(std::make_shared<ScopeState>(worker_->home(), makeFlat<Dependencies>(services))),
      counted_(recipe_->dynamic()) {
  observer_ = asker.observer();
  if (counted_) ++memo_->family->dynamic;
}

Instance::~Instance() {
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(memo_->family->mutex);
    leaveMemo();
    waiters.swap(waiters_);
  }
  scope_->abandon(own_);
  // The execution context that built it is gone. Who waited on another one builds it there.
  for (const Waiter& waiter : waiters) tell(waiter, Answer(), nullptr);
}

void Instance::leaveMemo() {
  if (std::exchange(counted_, false)) --memo_->family->dynamic;
  const auto place = memo_->instances.find(recipe_.get());
  if (place != memo_->instances.end() && place->second == this) memo_->instances.erase(place);
}

void Instance::step() {
  if (ended_ || pending_ > 0 || running_) return;
  keepChildren();
  if (limit_) std::exchange(limit_, nullptr)->stop();
  if (cancelled_ && !failure_) failure_ = aborted();
  if (failure_) return closeAndFail();
  try {
    recipe_->advance(*this, step_++);
  } catch (...) {
    noteFailure(std::current_exception(), name(), noted_);
    fail(std::current_exception());
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
  // One that failed at once could not take back those that were asked for after it.
  if (failure_) withdrawChildren();
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
  child.held = std::move(answer.hold);
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
  if (operation_) operation_->cancel();
  withdrawChildren();
  worker_->push(shared_from_this());
}

void Instance::within(std::chrono::milliseconds duration, std::exception_ptr late) {
  limit_ = std::make_shared<BuildLimit>(self(), std::move(late));
  limit_->start(duration);
}

void Instance::expired(const std::exception_ptr& late) {
  if (ended_ || failure_ || cancelled_ || pending_ == 0) return;
  failure_ = late;
  noteFailure(failure_, children_.front().wanted.layer.recipe->name(), noted_);
  withdrawChildren();
}

void Instance::call(const Function& function, Services with, std::exception_ptr cause) {
  observe(LayerEvent::Kind::began);
  call_.emplace(std::move(with), Scope(scope_), std::move(cause));
  given = Given();
  scope_->owner = std::shared_ptr<ScopeOwner>(self());
  start(function.call(*call_, given));
}

void Instance::wait(std::chrono::milliseconds duration) { start(sleepFor(duration)); }

void Instance::start(asio::awaitable<void> work) {
  if (!work.valid()) return worker_->push(shared_from_this());
  const std::optional<asio::any_io_executor> executor = worker_->home()->executor();
  if (!executor) return;  // its context is being destroyed, and this with it
  running_ = true;
  auto operation =
      Operation::start(self(), worker_, std::make_shared<Gate>(), *executor, std::move(work));
  if (running_) operation_ = std::move(operation);
}

void Instance::ended(std::exception_ptr cause) {
  running_ = false;
  operation_.reset();
  if (cause && !failure_) {
    failure_ = std::move(cause);
    noteFailure(failure_, cancelled_ ? std::string_view() : name(), noted_);
  }
  worker_->push(shared_from_this());
}

void Instance::fail(std::exception_ptr cause) {
  failure_ = std::move(cause);
  closeAndFail();
}

// What the build held dies here; what it acquired is in the scope.
void Instance::endBuild() {
  ended_ = true;
  if (limit_) std::exchange(limit_, nullptr)->stop();
  children_.clear();
  built.clear();
  call_.reset();
  own_ = std::exchange(given, Given()).services;
  services = Services();
  kept = Services();
  error = nullptr;
}

void Instance::done(Services result) {
  endBuild();
  observe(LayerEvent::Kind::ended);
  const std::shared_ptr<Worker> worker = worker_;
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(memo_->family->mutex);
    if (std::exchange(counted_, false)) --memo_->family->dynamic;
    if (state_ == State::building) {
      state_ = State::ready;
      result_ = result;
      waiters.swap(waiters_);
      worker_.reset();  // what is built stays longer than the work on it
    }
  }
  if (waiters.empty()) {
    // Everybody has gone, and the cancellation came too late.
    failure_ = aborted();
    return closeAndFail();
  }
  for (const Waiter& waiter : waiters)
    tell(waiter, Answer::value(result, Hold(self())), worker.get());
}

void Instance::closeAndFail() {
  endBuild();
  observe(LayerEvent::Kind::failed, failure_);
  {
    const std::lock_guard lock(memo_->family->mutex);
    if (state_ == State::building) state_ = State::failing;
  }
  auto then = [self = self()](CloseFailures failures) {
    addFailures(self->failures_, std::move(failures));
    self->failed();
  };
  worker_->push(std::make_shared<Closer>(worker_, scope_, self(), Exit(failure_), std::move(then)));
}

void Instance::failed() {
  letGo();
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

std::vector<Waiter> Instance::closed(const CloseFailures& failures) {
  observe(LayerEvent::Kind::releaseEnded, failures.empty() ? nullptr : failures[0].error);
  letGo();
  std::vector<Waiter> waiters;
  const std::lock_guard lock(memo_->family->mutex);
  state_ = State::gone;
  closedFor_ = nullptr;
  leaveMemo();
  waiters.swap(waiters_);
  return waiters;
}

// Only what a function makes is told of; the words that put layers together are not.
void Instance::observe(LayerEvent::Kind kind, const std::exception_ptr& cause) {
  if (!observer_ || !recipe_->observed()) return;
  using Kind = LayerEvent::Kind;
  const auto now = std::chrono::steady_clock::now();
  LayerEvent event(kind, name());
  event.error = cause;
  if (kind == Kind::began || kind == Kind::releaseBegan) {
    began_ = now;
  } else if (began_ == std::chrono::steady_clock::time_point()) {
    return;  // it failed before its function was called
  } else {
    event.duration = now - began_;
  }
  try {
    (*observer_)(event);
  } catch (...) {
    // What watches does not change what it sees.
  }
}

void Instance::runs(const void* chain) noexcept {
  const std::lock_guard lock(memo_->family->mutex);
  auto& running = memo_->family->running;
  if (chain_ != nullptr) running.erase(chain_);
  chain_ = chain;
  if (chain_ != nullptr) running[chain_] = this;
}

void Instance::taskFailed(const std::exception_ptr& cause) {
  noteFailure(cause, name(), noteTime());
  {
    const std::lock_guard lock(memo_->family->mutex);
    if (!taskError_) taskError_ = cause;
  }
  reportFailure(*memo_->family, *this, cause);
}

std::exception_ptr Instance::taskError() const {
  const std::lock_guard lock(memo_->family->mutex);
  return taskError_;
}

}  // namespace persistance::layer::detail
