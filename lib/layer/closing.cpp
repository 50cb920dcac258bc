#include "closing.hpp"

#include <stdexcept>
#include <utility>

#include "closer.hpp"
#include "failure_notes.hpp"

namespace persistance::layer::detail {

std::shared_ptr<Closing> Closing::begin(const std::shared_ptr<ScopeState>& scope, const Exit& exit,
                                        const asio::any_io_executor& executor, const void* chain) {
  auto closing = std::make_shared<Closing>();
  {
    const std::lock_guard lock(scope->mutex);
    if (chain != nullptr && scope->finalizerChain == chain)
      throw std::logic_error("persistance::layer: a finalizer closes the scope that waits for it");
    const bool nobodyWaits = !scope->closed;
    if (nobodyWaits) scope->closed = std::make_shared<Completion>();
    closing->over_ = scope->closed;
    // Else who closes it sets this, when what finalizers threw is there.
    if (scope->phase == ScopeState::Phase::closed && nobodyWaits) closing->over_->set();
    if (scope->phase != ScopeState::Phase::open) return closing;
    scope->phase = ScopeState::Phase::closing;
  }
  closing->start(closing, scope, exit, executor);
  return closing;
}

void Closing::start(const std::shared_ptr<Closing>& self, const std::shared_ptr<ScopeState>& scope,
                    const Exit& exit, const asio::any_io_executor& executor) {
  const auto worker = std::make_shared<Worker>(executor);
  auto closed = [self](CloseFailures failures) {
    self->failures_ = std::move(failures);
    self->over_->set();
  };
  auto closer = std::make_shared<Closer>(worker, scope, nullptr, exit, std::move(closed));
  worker->enter([&] { worker->push(std::move(closer)); });
}

namespace {

asio::awaitable<void> close(std::shared_ptr<ScopeState> scope, std::exception_ptr first,
                            Deadline deadline, AwaitedEnd::Chain chain) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const std::shared_ptr<Closing> closing = Closing::begin(scope, Exit(first), executor, *chain);
  co_await Completion::waitFor(closing->over(), deadline);
  if (!closing->over()->isSet()) {
    // What ended it is told before the deadline that passed after it.
    if (!first || isAborted(first)) throw ShutdownTimeout();
    CloseFailures late;
    late.emplace_back("", newError(ShutdownTimeout()));
    std::rethrow_exception(combined(first, std::move(late)));
  }
  if (const std::exception_ptr error = combined(first, closing->failures()))
    std::rethrow_exception(error);
}

}  // namespace

AwaitedEnd closeScope(std::shared_ptr<ScopeState> scope, std::exception_ptr first,
                      Deadline deadline) {
  auto chain = std::make_shared<const void*>(nullptr);
  return AwaitedEnd(close(std::move(scope), std::move(first), deadline, chain), chain);
}

}  // namespace persistance::layer::detail
