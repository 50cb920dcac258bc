#include "closer.hpp"

#include <utility>

#include "memo.hpp"

namespace persistance::layer::detail {

std::optional<Ending> ScopeState::add(Ending ending) {
  const std::lock_guard lock(mutex);
  if (phase == Phase::closed) return ending;
  endings.push_back(std::move(ending));
  return std::nullopt;
}

// A finalizer that runs.
struct Closer::Call final : Job {
  std::shared_ptr<Closer> closer;
  std::unique_ptr<Finalizer> finalizer;
  Operation operation;

  void step() override {
    finalizer.reset();
    if (operation.error) closer->failed(std::move(operation.error));
    std::exchange(closer, nullptr)->ended();
  }
};

Closer::Closer(std::shared_ptr<Worker> worker, std::shared_ptr<ScopeState> scope,
               std::string_view layer, Exit exit, Closed closed)
    : worker_(std::move(worker)),
      scope_(std::move(scope)),
      layer_(layer),
      exit_(std::move(exit)),
      closed_(std::move(closed)) {}

void Closer::step() {
  if (!take()) return std::exchange(closed_, nullptr)(std::move(failures_));
  pending_ = 1;  // for this function, so that it ends before the next step
  std::vector<JobPtr> started;
  do {
    Ending ending = std::move(endings_.back());
    endings_.pop_back();
    ++pending_;
    begin(std::move(ending), started);
  } while (!endings_.empty() && (parallel_ || pending_ == 1));
  ended();
  worker_->push(std::move(started));
}

// What was added in the meantime comes next. False: nothing is left, the scope is closed.
bool Closer::take() {
  const std::lock_guard lock(scope_->mutex);
  parallel_ = scope_->parallel;
  scope_->phase = ScopeState::Phase::closing;
  for (Ending& ending : scope_->endings) endings_.push_back(std::move(ending));
  scope_->endings.clear();
  if (!endings_.empty()) return true;
  scope_->phase = ScopeState::Phase::closed;
  scope_->exit = exit_;
  scope_->closedOn = worker_->base();
  return false;
}

void Closer::begin(Ending ending, std::vector<JobPtr>& started) {
  if (auto* finalizer = std::get_if<std::unique_ptr<Finalizer>>(&ending)) {
    beginFinalizer(std::move(*finalizer));
  } else {
    beginRelease(std::get<InstancePtr>(ending), started);
  }
}

void Closer::beginFinalizer(std::unique_ptr<Finalizer> finalizer) {
  try {
    asio::awaitable<void> work = finalizer->call(exit_);
    if (work.valid()) {
      auto call = std::make_shared<Call>();
      call->closer = std::static_pointer_cast<Closer>(shared_from_this());
      call->finalizer = std::move(finalizer);
      return worker_->start(call, call->operation, std::move(work));
    }
  } catch (...) {
    failed(std::current_exception());
  }
  ended();
}

void Closer::beginRelease(const std::shared_ptr<Instance>& instance, std::vector<JobPtr>& started) {
  auto closed = [self =
                     std::static_pointer_cast<Closer>(shared_from_this())](CloseFailures failures) {
    for (auto& failure : failures) self->failures_.push_back(std::move(failure));
    self->ended();
  };
  JobPtr job = release(instance, worker_, exit_, std::move(closed));
  if (job) {
    started.push_back(std::move(job));
  } else {
    ended();
  }
}

void Closer::failed(std::exception_ptr error) {
  failures_.emplace_back(std::string(layer_), std::move(error));
}

void Closer::ended() {
  if (--pending_ == 0) worker_->push(shared_from_this());
}

}  // namespace persistance::layer::detail
