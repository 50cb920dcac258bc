#include <persistance/layer/error.hpp>
#include <persistance/layer/scope.hpp>

#include <async/event.hpp>

#include "entry.hpp"
#include "scope_state.hpp"

namespace persistance::layer {
namespace detail {

std::optional<Ending> ScopeState::add(Ending ending) {
  const std::lock_guard lock(mutex);
  if (phase == Phase::closed) return ending;
  endings.push_back(std::move(ending));
  return std::nullopt;
}

// A finalizer that runs: one of a user's, awaited.
struct Closer::Call final : Job {
  std::shared_ptr<Closer> closer;
  std::unique_ptr<Finalizer> finalizer;
  Operation operation;

  void step() override {
    finalizer.reset();
    Errors errors;
    if (operation.error) errors.push_back(std::move(operation.error));
    std::exchange(closer, nullptr)->ended(std::move(errors));
  }
};

Closer::Closer(std::shared_ptr<Engine> engine, std::shared_ptr<ScopeState> scope, Exit exit,
               Closed closed)
    : engine_(std::move(engine)),
      scope_(std::move(scope)),
      exit_(std::move(exit)),
      closed_(std::move(closed)) {}

void Closer::step() {
  if (pending_ > 0) return;
  if (!take()) {
    std::exchange(closed_, nullptr)(std::move(errors_));
    return;
  }
  pending_ = 1;  // for this function
  std::vector<JobPtr> started;
  do {
    Ending ending = std::move(endings_.back());
    endings_.pop_back();
    ++pending_;
    begin(std::move(ending), started);
  } while (!endings_.empty() && (parallel_ || pending_ == 1));
  if (--pending_ == 0) engine_->push(shared_from_this());
  engine_->push(std::move(started));
}

// More endings, those too that were added in the meantime; none: the scope is closed.
bool Closer::take() {
  const std::lock_guard lock(scope_->mutex);
  parallel_ = scope_->parallel;
  for (Ending& ending : scope_->endings) endings_.push_back(std::move(ending));
  scope_->endings.clear();
  if (!endings_.empty()) {
    scope_->phase = ScopeState::Phase::closing;
    return true;
  }
  scope_->phase = ScopeState::Phase::closed;
  scope_->exit = exit_;
  scope_->closedOn = engine_->base();
  return false;
}

void Closer::begin(Ending ending, std::vector<JobPtr>& started) {
  if (auto* finalizer = std::get_if<std::unique_ptr<Finalizer>>(&ending)) {
    beginFinalizer(std::move(*finalizer));
    return;
  }
  auto closed = [self = std::static_pointer_cast<Closer>(shared_from_this())](Errors errors) {
    self->ended(std::move(errors));
  };
  JobPtr job = release(std::get<EntryPtr>(ending), engine_, exit_, std::move(closed));
  if (job) {
    started.push_back(std::move(job));
  } else {
    ended({});
  }
}

void Closer::beginFinalizer(std::unique_ptr<Finalizer> finalizer) {
  try {
    asio::awaitable<void> work = finalizer->call(exit_);
    if (!work.valid()) return ended({});
    auto call = std::make_shared<Call>();
    call->closer = std::static_pointer_cast<Closer>(shared_from_this());
    call->finalizer = std::move(finalizer);
    engine_->start(call, call->operation, std::move(work));
  } catch (...) {
    ended({std::current_exception()});
  }
}

void Closer::ended(Errors errors) {
  for (auto& error : errors) errors_.push_back(std::move(error));
  if (--pending_ == 0) engine_->push(shared_from_this());
}

}  // namespace detail

Scope::Scope() : state_(std::make_shared<detail::ScopeState>()) {}

void Scope::add(std::unique_ptr<detail::Finalizer> finalizer) const {
  std::optional<detail::Ending> late = state_->add(std::move(finalizer));
  if (!late) return;
  std::shared_ptr<detail::Finalizer> now =
      std::move(std::get<std::unique_ptr<detail::Finalizer>>(*late));
  asio::awaitable<void> work = now->call(state_->exit);
  if (!work.valid()) return;
  // Nobody is left to take its error: it goes out of the executor, as any error does that comes out
  // of a handler.
  asio::co_spawn(state_->closedOn, std::move(work), [now](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
}

asio::awaitable<void> Scope::close(Exit exit) const {
  using detail::ScopeState;
  const std::shared_ptr<ScopeState> state = state_;
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto event = std::make_shared<async::Event>(executor);
  bool first = false;
  {
    const std::lock_guard lock(state->mutex);
    first = state->phase == ScopeState::Phase::open;
    if (first) state->phase = ScopeState::Phase::closing;
    if (state->phase == ScopeState::Phase::closed) {
      event->set();
    } else if (!first) {
      state->waiting.push_back(event);
    }
  }
  detail::Closer::Errors errors;
  if (first) {
    const auto engine = std::make_shared<detail::Engine>(executor);
    auto closed = [&errors, event, state](detail::Closer::Errors all) {
      errors = std::move(all);
      event->set();
      std::vector<std::shared_ptr<async::Event>> waiting;
      {
        const std::lock_guard lock(state->mutex);
        waiting.swap(state->waiting);
      }
      for (const auto& other : waiting) other->set();
    };
    auto closer = std::make_shared<detail::Closer>(engine, state, exit, closed);
    engine->dispatch([engine, closer] { engine->push(closer); });
  }
  co_await async::Event::wait(event);
  co_await asio::this_coro::reset_cancellation_state();
  if (!errors.empty()) throw CloseError(exit.error(), std::move(errors));
}

}  // namespace persistance::layer
