#include "entry.hpp"

#include <algorithm>
#include <persistance/layer/error.hpp>
#include <system_error>

#include "flat_delete.hpp"
#include "node_base.hpp"

namespace persistance::layer::detail {
namespace {

std::exception_ptr aborted() {
  return std::make_exception_ptr(std::system_error(asio::error::operation_aborted));
}

// Tells an asker on its own engine; `here` is the one whose strand this runs on, or null.
void tell(const Waiter& waiter, Answer answer, const Engine* here) {
  if (waiter.asker->engine().get() == here) {
    waiter.asker->answered(waiter.slot, std::move(answer));
    return;
  }
  waiter.asker->engine()->post(
      [asker = waiter.asker, slot = waiter.slot, answer = std::move(answer)]() mutable {
        asker->answered(slot, std::move(answer));
      });
}

EntryPtr findIn(const TablePtr& table, const Node* node) {
  for (const Table* t = table.get(); t != nullptr; t = t->parent.get()) {
    const auto place = t->entries.find(node);
    if (place == t->entries.end()) continue;
    if (JobPtr entry = place->second->weak_from_this().lock())
      return std::static_pointer_cast<Entry>(std::move(entry));
  }
  return nullptr;
}

}  // namespace

Answer Answer::value(Services services, EntryPtr entry) {
  Answer answer;
  answer.kind = Kind::value;
  answer.services = std::move(services);
  answer.entry = std::move(entry);
  return answer;
}

Answer Answer::failure(std::exception_ptr error) {
  Answer answer;
  answer.kind = Kind::failure;
  answer.error = std::move(error);
  return answer;
}

EntryPtr request(const std::shared_ptr<Asker>& asker, std::size_t slot, const NodePtr& node,
                 const Services& services, const TablePtr& table, bool shared,
                 std::vector<JobPtr>& started) {
  if (const Services* value = node->value()) {
    asker->answered(slot, Answer::value(*value, nullptr));
    return nullptr;
  }
  std::unique_lock lock(*table->mutex);
  const bool listed = shared && node->memoised();
  EntryPtr entry = listed ? findIn(table, node.get()) : nullptr;
  if (!entry) {
    entry = makeFlat<Entry>(asker->engine(), node, services, table, listed);
    entry->waiters_.push_back({asker, slot});
    if (listed) table->entries[node.get()] = entry.get();
    started.push_back(entry);
    return entry;
  }
  if (entry->state_ == Entry::State::ready) {
    ++entry->holders_;
    Answer answer = Answer::value(entry->result_, entry);
    lock.unlock();
    asker->answered(slot, std::move(answer));
    return nullptr;
  }
  if (entry->state_ == Entry::State::building) ++entry->holders_;
  entry->waiters_.push_back({asker, slot});
  return entry;
}

void withdraw(const EntryPtr& entry, Asker& asker, std::size_t slot) {
  std::unique_lock lock(*entry->table_->mutex);
  auto& waiters = entry->waiters_;
  const auto place = std::find_if(waiters.begin(), waiters.end(), [&](const Waiter& w) {
    return w.asker.get() == &asker && w.slot == slot;
  });
  // Not there: the answer is on its way.
  if (place == waiters.end() || place->cancelled) return;
  const bool building = entry->state_ == Entry::State::building;
  if (building && entry->holders_ == 1) {
    place->cancelled = true;
    entry->state_ = Entry::State::cancelling;
    lock.unlock();
    if (entry->engine() == asker.engine()) {
      entry->cancel();
    } else {
      entry->engine()->post([entry] { entry->cancel(); });
    }
    return;
  }
  // A build that has failed is waited for: what it acquired is being released.
  if (entry->state_ == Entry::State::failing) return;
  if (building) --entry->holders_;
  const Waiter waiter = std::move(*place);
  waiters.erase(place);
  lock.unlock();
  tell(waiter, Answer::failure(aborted()), asker.engine().get());
}

JobPtr release(const EntryPtr& entry, const std::shared_ptr<Engine>& engine, const Exit& exit,
               Closer::Closed closed) {
  Services result;  // destroyed outside the lock: its objects are the user's
  {
    const std::lock_guard lock(*entry->table_->mutex);
    if (--entry->holders_ > 0) return nullptr;
    entry->state_ = Entry::State::closing;
    result = std::move(entry->result_);
  }
  auto then = [entry, engine = engine.get(), closed = std::move(closed)](Closer::Errors errors) {
    std::vector<Waiter> waiters;
    {
      const std::lock_guard lock(*entry->table_->mutex);
      entry->state_ = Entry::State::gone;
      entry->unlist();
      waiters.swap(entry->waiters_);
    }
    for (const Waiter& waiter : waiters) tell(waiter, Answer(), engine);
    closed(std::move(errors));
  };
  return std::make_shared<Closer>(engine, entry->scope_, exit, std::move(then));
}

Entry::Entry(std::shared_ptr<Engine> engine, NodePtr node, Services with, TablePtr table,
             bool listed)
    : Build(std::move(engine)), node_(std::move(node)), table_(std::move(table)), listed_(listed) {
  services = std::move(with);
}

Entry::~Entry() {
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(*table_->mutex);
    if (state_ != State::gone) unlist();
    waiters.swap(waiters_);
  }
  // The execution context that built it is gone. Who waited on another one builds it itself.
  for (const Waiter& waiter : waiters) tell(waiter, Answer(), nullptr);
}

void Entry::unlist() {
  if (!listed_) return;
  const auto place = table_->entries.find(node_.get());
  if (place != table_->entries.end() && place->second == this) table_->entries.erase(place);
}

void Entry::step() {
  if (ended_ || pending_ > 0 || operation_.running) return;
  keepAnswers();
  if (!error_ && operation_.error) error_ = std::exchange(operation_.error, nullptr);
  if (!error_ && cancelled_) error_ = aborted();
  if (error_) return closeAndFail();
  try {
    const int now = phase++;
    node_->advance(*this, now);
  } catch (...) {
    fail(std::current_exception());
  }
}

void Entry::keepAnswers() {
  for (const Answer& answer : answers) {
    if (answer.entry) (void)scope_->add(answer.entry);
  }
  for (Answer& answer : answers) answer.entry = nullptr;
}

void Entry::build(std::vector<std::pair<Ref, Services>> layers, bool shared) {
  childTable_ = shared ? table_ : std::make_shared<Table>();
  children_.clear();
  answers.assign(layers.size(), Answer());
  pending_ = layers.size() + 1;  // one for this function
  for (auto& [ref, with] : layers) {
    Child child;
    child.ref = std::move(ref);
    child.services = std::move(with);
    children_.push_back(std::move(child));
  }
  std::vector<JobPtr> started;
  for (std::size_t slot = 0; slot < children_.size(); ++slot) ask(slot, started);
  if (--pending_ == 0) engine_->push(shared_from_this());
  engine_->push(std::move(started));
}

void Entry::ask(std::size_t slot, std::vector<JobPtr>& started) {
  Child& child = children_[slot];
  const EntryPtr waited =
      request(self(), slot, child.ref.node, child.services, childTable_, true, started);
  child.entry = waited;
}

void Entry::answered(std::size_t slot, Answer answer) {
  Child& child = children_[slot];
  if (answer.kind == Answer::Kind::again) {
    if (!cancelled_ && !error_) {
      std::vector<JobPtr> started;
      ask(slot, started);
      engine_->push(std::move(started));
      return;
    }
    answer = Answer::failure(aborted());
  }
  child.pending = false;
  if (answer.kind == Answer::Kind::value) {
    answer.services = answer.services.only(child.ref.gives);
  } else if (!error_) {
    error_ = answer.error;
    withdrawAll();
  }
  answers[slot] = std::move(answer);
  if (--pending_ == 0) engine_->push(shared_from_this());
}

void Entry::withdrawAll() {
  for (std::size_t slot = 0; slot < children_.size(); ++slot) {
    if (!children_[slot].pending) continue;
    if (const EntryPtr child = children_[slot].entry.lock()) withdraw(child, *this, slot);
  }
}

void Entry::cancel() {
  if (ended_ || cancelled_) return;
  cancelled_ = true;
  if (operation_.running) operation_.signal.emit(asio::cancellation_type::terminal);
  withdrawAll();
  engine_->push(shared_from_this());
}

void Entry::call(const Function& function, Services with, std::exception_ptr error) {
  call_.emplace(std::move(with), Scope(scope_), std::move(error));
  given_ = Given();
  asio::awaitable<void> work = function.call(*call_, given_);
  if (work.valid()) {
    engine_->start(shared_from_this(), operation_, std::move(work));
  } else {
    engine_->push(shared_from_this());
  }
}

void Entry::done(Services result) {
  answers.clear();
  children_.clear();
  call_.reset();
  given_ = Given();
  services = Services();
  ended_ = true;
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(*table_->mutex);
    if (state_ == State::building) {
      state_ = State::ready;
      result_ = result;
      waiters.swap(waiters_);
    }
  }
  if (waiters.empty()) {
    // Everybody has gone; the cancellation is on its way.
    error_ = aborted();
    return closeAndFail();
  }
  for (const Waiter& waiter : waiters) tell(waiter, Answer::value(result, self()), engine_.get());
}

void Entry::fail(std::exception_ptr error) {
  if (!error_) error_ = std::move(error);
  closeAndFail();
}

void Entry::closeAndFail() {
  ended_ = true;
  answers.clear();
  children_.clear();
  call_.reset();
  given_ = Given();
  services = Services();
  {
    const std::lock_guard lock(*table_->mutex);
    if (state_ == State::building) state_ = State::failing;
  }
  auto closed = [self = self()](Closer::Errors errors) {
    std::exception_ptr error = self->error_;
    if (!errors.empty()) {
      error = std::make_exception_ptr(CloseError(self->error_, std::move(errors)));
    }
    std::vector<Waiter> waiters;
    bool cancelling = false;
    {
      const std::lock_guard lock(*self->table_->mutex);
      cancelling = self->state_ == State::cancelling;
      self->state_ = State::gone;
      self->unlist();
      waiters.swap(self->waiters_);
    }
    for (const Waiter& waiter : waiters) {
      const bool again = cancelling && !waiter.cancelled;
      tell(waiter, again ? Answer() : Answer::failure(error), self->engine_.get());
    }
  };
  engine_->push(std::make_shared<Closer>(engine_, scope_, Exit(error_), std::move(closed)));
}

}  // namespace persistance::layer::detail
