#include <async/event.hpp>
#include <persistance/layer/scope.hpp>
#include <utility>

#include "closer.hpp"
#include "closing.hpp"
#include "shield.hpp"

namespace persistance::layer {
namespace detail {
namespace {

// Who waits for a close; shared with the finalizers, which may outlive the wait.
struct Waited {
  explicit Waited(const asio::any_io_executor& executor)
      : event(std::make_shared<async::Event>(executor)), timer(executor) {}

  const std::shared_ptr<async::Event> event;
  asio::steady_timer timer;
  std::mutex mutex;
  CloseFailures failures;  // guarded by `mutex`
  bool finished = false;   // guarded by `mutex`
};

void wakeOthers(ScopeState& scope) {
  std::vector<std::shared_ptr<async::Event>> waiting;
  {
    const std::lock_guard lock(scope.mutex);
    waiting.swap(scope.waiting);
  }
  for (const auto& event : waiting) event->set();
}

// Begins to close. Another close that runs is waited for; one that has ended leaves nothing to do.
void beginClose(const std::shared_ptr<ScopeState>& scope, const Exit& exit,
                const std::shared_ptr<Waited>& waited, const asio::any_io_executor& executor) {
  {
    const std::lock_guard lock(scope->mutex);
    if (scope->phase == ScopeState::Phase::closing) {
      waited->finished = true;
      return scope->waiting.push_back(waited->event);
    }
    if (scope->phase == ScopeState::Phase::closed) {
      waited->finished = true;
      return waited->event->set();
    }
    scope->phase = ScopeState::Phase::closing;
  }
  auto closed = [waited, scope](CloseFailures failures) {
    {
      const std::lock_guard lock(waited->mutex);
      waited->failures = std::move(failures);
      waited->finished = true;
    }
    waited->event->set();
    wakeOthers(*scope);
  };
  const auto worker = std::make_shared<Worker>(executor);
  auto closer = std::make_shared<Closer>(worker, scope, std::string_view(), exit, closed);
  worker->dispatch([worker, closer] { worker->push(closer); });
}

}  // namespace

std::exception_ptr Closing::error(const std::exception_ptr& cause) const {
  std::exception_ptr first = cause;
  if (!finished) {
    first = std::make_exception_ptr(ShutdownTimeout());
  } else if (!first && cancelled) {
    first = aborted();
  }
  return combined(first, failures);
}

asio::awaitable<Closing> closeScope(std::shared_ptr<ScopeState> scope, Exit exit,
                                    Deadline deadline) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto waited = std::make_shared<Waited>(executor);
  beginClose(scope, exit, waited, executor);
  if (deadline) {
    waited->timer.expires_after(*deadline);
    waited->timer.async_wait([event = waited->event](const std::error_code& error) {
      if (!error) event->set();
    });
  }
  Closing closing;
  closing.cancelled = co_await waitToTheEnd(waited->event);
  waited->timer.cancel();
  const std::lock_guard lock(waited->mutex);
  closing.failures = std::move(waited->failures);
  closing.finished = waited->finished;
  co_return closing;
}

}  // namespace detail

Scope::Scope() : state_(std::make_shared<detail::ScopeState>()) {}

void Scope::add(std::unique_ptr<detail::Finalizer> finalizer) const {
  std::optional<detail::Ending> late = state_->add(std::move(finalizer));
  if (!late) return;
  const std::shared_ptr<detail::Finalizer> now =
      std::move(std::get<std::unique_ptr<detail::Finalizer>>(*late));
  asio::awaitable<void> work = now->call(state_->exit);
  if (!work.valid()) return;
  // Nobody is left to take its error: it goes out of the executor, as the error of any handler.
  asio::co_spawn(state_->closedOn, std::move(work), [now](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
}

asio::awaitable<void> Scope::close(Exit exit) const {
  const std::exception_ptr cause = exit.error();
  const detail::Closing closing = co_await detail::closeScope(state_, std::move(exit));
  // The cause is the caller's own; it comes back only where there is more to say.
  if (!closing.failures.empty()) throw CloseError(cause, closing.failures);
  if (const std::exception_ptr error = closing.error(nullptr)) std::rethrow_exception(error);
}

}  // namespace persistance::layer
