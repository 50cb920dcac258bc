#include "closer.hpp"

#include <utility>

#include "instance.hpp"
#include "memo.hpp"
#include "task.hpp"

namespace persistance::layer::detail {

std::optional<Ending> ScopeState::add(Ending ending) {
  const std::lock_guard lock(mutex);
  if (phase == Phase::closed) return ending;
  endings.push_back(std::move(ending));
  return std::nullopt;
}

void ScopeState::abandon(const Services& used) {
  std::vector<Ending> dropped;
  {
    const std::lock_guard lock(mutex);
    dropped.swap(endings);
  }
  drop(dropped, used);
}

void drop(std::vector<Ending>& endings, const Services& used) {
  for (; !endings.empty(); endings.pop_back()) {
    if (const auto* task = std::get_if<std::shared_ptr<Task>>(&endings.back()))
      (*task)->stop([used](const std::exception_ptr&) {});
  }
}

// A finalizer that runs, on the executor that its layer's function ran on.
class Closer::Call final : public OperationOwner {
 public:
  Call(std::shared_ptr<Closer> closer, std::unique_ptr<Finalizer> finalizer, bool local)
      : closer_(std::move(closer)), finalizer_(std::move(finalizer)), local_(local) {}

  // Where its execution context is gone, it runs where the scope is closed.
  void beginHere() {
    local_ = true;
    if (const auto executor = closer_->worker_->home()->executor()) begin(*executor);
  }

  void begin(const asio::any_io_executor& executor) {
    std::exception_ptr error;
    try {
      asio::awaitable<void> work = finalizer_->call(closer_->exit_);
      if (work.valid()) return start(executor, std::move(work));
    } catch (...) {
      error = std::current_exception();
    }
    over(std::move(error));
  }

  void start(const asio::any_io_executor& executor, asio::awaitable<void> work) {
    const auto self = std::static_pointer_cast<Call>(shared_from_this());
    // Never cancelled, so not kept: on another thread it may have ended by now.
    (void)Operation::start(self, closer_->worker_, nullptr, executor, std::move(work), local_);
  }

  [[nodiscard]] const std::shared_ptr<Closer>& closer() const { return closer_; }

  void step() override {}
  void ended(std::exception_ptr error) override {
    finalizer_.reset();
    std::exchange(closer_, nullptr)->ended(std::move(error));
  }
  // The others go on where the scope is closed.
  void abandoned() noexcept override {
    local_ = false;
    over(nullptr);
  }
  void runs(const void* chain) noexcept override {
    {
      const std::lock_guard lock(closer_->scope_->mutex);
      closer_->scope_->finalizerChain = chain;
    }
    if (closer_->owner_) closer_->owner_->runs(chain);
  }

 private:
  void over(std::exception_ptr error) {
    const auto self = std::static_pointer_cast<Call>(shared_from_this());
    const std::shared_ptr<Worker> worker = closer_->worker_;
    auto tell = [self, error = std::move(error)] { self->ended(error); };
    if (local_) {
      worker->enter(std::move(tell));
    } else {
      worker->post(std::move(tell));
    }
  }

  std::shared_ptr<Closer> closer_;
  std::unique_ptr<Finalizer> finalizer_;
  bool local_;  // on the executor that the scope is closed on
};

// The way of a finalizer to its executor.
struct Closer::Hop {
  explicit Hop(std::shared_ptr<Call> call_) : call(std::move(call_)) {}
  Hop(Hop&&) noexcept = default;
  Hop& operator=(Hop&&) = delete;
  Hop(const Hop&) = delete;
  Hop& operator=(const Hop&) = delete;
  ~Hop() {
    if (!call) return;
    const std::shared_ptr<Worker> worker = call->closer()->worker_;
    worker->post([back = std::move(call)] { back->beginHere(); });
  }
  void operator()() {
    const std::shared_ptr<Call> arrived = std::exchange(call, nullptr);
    if (const auto executor = arrived->closer()->scope_->home->executor())
      arrived->begin(*executor);
  }
  std::shared_ptr<Call> call;
};

Closer::Closer(std::shared_ptr<Worker> worker, std::shared_ptr<ScopeState> scope, InstancePtr owner,
               Exit exit, Closed closed)
    : worker_(std::move(worker)),
      scope_(std::move(scope)),
      owner_(std::move(owner)),
      exit_(std::move(exit)),
      closed_(std::move(closed)) {}

// Where the execution context that it worked on is destroyed, who waits for the end has to know.
Closer::~Closer() {
  drop(endings_, owner_ ? owner_->made() : Services());
  std::shared_ptr<Completion> closed;
  {
    const std::lock_guard lock(scope_->mutex);
    scope_->phase = ScopeState::Phase::closed;
    closed = scope_->closed;
  }
  if (closed) closed->set();
}

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
  ended(nullptr);
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
  scope_->closedOn = worker_->home();
  return false;
}

void Closer::begin(Ending ending, std::vector<JobPtr>& started) {
  if (auto* finalizer = std::get_if<std::unique_ptr<Finalizer>>(&ending)) {
    beginFinalizer(std::move(*finalizer));
  } else if (const auto* task = std::get_if<std::shared_ptr<Task>>(&ending)) {
    beginStop(*task);
  } else {
    beginRelease(std::move(std::get<Hold>(ending)), started);
  }
}

void Closer::beginFinalizer(std::unique_ptr<Finalizer> finalizer) {
  const HomePtr& home = scope_->home;
  const bool local = !home || home->same(*worker_->home()) || !home->alive();
  if (local) return callHere(std::move(finalizer));
  home->post(Hop(std::make_shared<Call>(self(), std::move(finalizer), local)));
}

// One that does not wait needs nothing that waits for it.
void Closer::callHere(std::unique_ptr<Finalizer> finalizer) {
  const auto executor = worker_->home()->executor();
  if (!executor) return;
  std::exception_ptr error;
  try {
    asio::awaitable<void> work = finalizer->call(exit_);
    if (work.valid())
      return std::make_shared<Call>(self(), std::move(finalizer), true)
          ->start(*executor, std::move(work));
  } catch (...) {
    error = std::current_exception();
  }
  finalizer.reset();
  ended(std::move(error));
}

void Closer::beginStop(const std::shared_ptr<Task>& task) {
  task->stop([self = self()](std::exception_ptr error) {
    auto tell = [self, error = std::move(error)] { self->ended(error); };
    if (self->worker_->isHere()) return tell();
    self->worker_->post(std::move(tell));
  });
}

void Closer::beginRelease(Hold hold, std::vector<JobPtr>& started) {
  auto closed = [self = self()](CloseFailures failures) {
    for (auto& failure : failures) self->failures_.push_back(std::move(failure));
    self->ended(nullptr);
  };
  JobPtr job = release(std::move(hold), worker_, owner_.get(), exit_, std::move(closed));
  if (job) {
    started.push_back(std::move(job));
  } else {
    ended(nullptr);
  }
}

void Closer::ended(std::exception_ptr error) {
  if (error) {
    const std::string_view layer = owner_ ? owner_->name() : std::string_view();
    failures_.emplace_back(std::string(layer), std::move(error));
  }
  if (--pending_ == 0) worker_->push(shared_from_this());
}

}  // namespace persistance::layer::detail
