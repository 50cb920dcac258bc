#include "instance.hpp"

#include <algorithm>
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
      scope_(std::make_shared<ScopeState>(worker_->home())),
      counted_(recipe_->dynamic()) {
  observer_ = asker.observer();
  // Only what a function makes is told of; the words that put layers together are not.
  if (recipe_->observed()) watch_ = Watch(observer_);
  if (counted_) ++memo_->family->dynamic;
  memo_->family->building.add(*this);
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

void Instance::leaveBuilding() {
  if (std::exchange(counted_, false)) --memo_->family->dynamic;
  memo_->family->building.remove(*this);
}

void Instance::leaveMemo() {
  leaveBuilding();
  const auto place = memo_->instances.find(recipe_.get());
  if (place != memo_->instances.end() && place->second == this) memo_->instances.erase(place);
}

void Instance::step() {
  if (made_) return publish();
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
    if (const auto cause = taskErrorWithin(child.held)) failWith(cause);
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
  if (pending_ == 0) return;
  noteFailure(late, children_.front().wanted.layer.recipe->name(), noted_);
  failWith(late);
}

void Instance::failWith(const std::exception_ptr& cause) {
  if (ended_ || failure_ || cancelled_) return;
  failure_ = cause;
  if (operation_) operation_->cancel();
  withdrawChildren();
}

void Instance::taskFailed(const Instance& of, const std::exception_ptr& cause) {
  const auto holds = [&](const Child& child) { return child.held && isWithin(of, child.held); };
  if (&of == this || isWithin(of, *scope_) ||
      std::any_of(children_.begin(), children_.end(), holds))
    failWith(cause);
}

void Instance::call(const Function& function, Services with, std::exception_ptr cause) {
  watch_.tell(LayerEvent::Kind::began, name(), nullptr);
  call_.emplace(std::move(with), Scope(scope_), std::move(cause));
  given = Given();
  if (!scope_->dependencies && services.size() > 0)
    scope_->dependencies = std::make_shared<Dependencies>(services);
  scope_->owner = std::shared_ptr<ScopeOwner>(self());
  start(function.call(*call_, given));
}

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

// What the build held dies here; what it acquired is in the scope.
void Instance::endBuild() {
  if (std::exchange(ended_, true)) return;
  if (limit_) std::exchange(limit_, nullptr)->stop();
  children_.clear();
  built.clear();
  call_.reset();
  own_ = std::exchange(given, Given()).services;
  services = Services();
  kept = Services();
  error = nullptr;
}

// Told in the next step: who calls this may still hold services, and they must not outlive what the
// others do with them.
void Instance::done(Services result) {
  endBuild();
  watch_.tell(LayerEvent::Kind::ended, name(), nullptr);
  made_ = std::move(result);
  worker_->push(shared_from_this());
}

void Instance::publish() {
  const std::shared_ptr<Worker> worker = worker_;
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(memo_->family->mutex);
    leaveBuilding();
    if (state_ == State::building) {
      state_ = State::ready;
      result_ = std::move(*made_);
      waiters.swap(waiters_);
      worker_.reset();  // what is built stays longer than the work on it
    }
  }
  made_.reset();
  if (waiters.empty()) {
    // Everybody has gone, and the cancellation came too late.
    failure_ = aborted();
    return closeAndFail();
  }
  // Whoever is still to be told holds this, so nobody takes the result away meanwhile.
  for (const Waiter& waiter : waiters)
    tell(waiter, Answer::value(result_, Hold(self())), worker.get());
}

void Instance::closeAndFail() {
  endBuild();
  watch_.tell(LayerEvent::Kind::failed, name(), failure_);
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
    // To each its own, which may be on another thread.
    const std::exception_ptr cause = cancelled_ && isAborted(failure_) ? aborted() : failure_;
    tell(waiter, again ? Answer() : Answer::failure(cause, failures_), worker_.get());
  }
}

std::vector<Waiter> Instance::closed(const CloseFailures& failures) {
  watch_.tell(LayerEvent::Kind::releaseEnded, name(),
              failures.empty() ? nullptr : failures[0].error);
  letGo();
  std::vector<Waiter> waiters;
  const std::lock_guard lock(memo_->family->mutex);
  state_ = State::gone;
  closedFor_ = nullptr;
  leaveMemo();
  waiters.swap(waiters_);
  return waiters;
}

void Instance::runs(const void* chain) noexcept {
  const std::lock_guard lock(memo_->family->mutex);
  auto& running = memo_->family->running;
  if (chain_ != nullptr) running.erase(chain_);
  chain_ = chain;
  if (chain != nullptr) running[chain] = this;
}

void Instance::taskFailed(const std::exception_ptr& cause) {
  noteFailure(cause, name(), noteTime());
  {
    const std::lock_guard lock(memo_->family->mutex);
    if (!taskError_) taskError_ = cause;
  }
  reportFailure(*memo_->family, self(), cause);
}

}  // namespace persistance::layer::detail
