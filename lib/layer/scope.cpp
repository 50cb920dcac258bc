#include <persistance/layer/scope.hpp>

#include <stdexcept>
#include <utility>

#include "closing.hpp"
#include "task.hpp"

namespace persistance::layer {

Scope::Scope() : state_(std::make_shared<detail::ScopeState>()) {}

void Scope::add(std::unique_ptr<detail::Finalizer> finalizer) const {
  std::optional<detail::Ending> late = state_->add(std::move(finalizer));
  if (!late) return;
  const std::shared_ptr<detail::Finalizer> now =
      std::move(std::get<std::unique_ptr<detail::Finalizer>>(*late));
  asio::awaitable<void> work = now->call(state_->exit);
  const detail::HomePtr home = state_->closedOn;
  if (!work.valid() || !home) return;
  home->post([now, home, state = state_, work = std::move(work)]() mutable {
    // Nobody is left to take its error: it goes out of the executor, as the error of any handler.
    asio::co_spawn(*home->executor(), std::move(work), [now, state](std::exception_ptr error) {
      if (error) std::rethrow_exception(error);
    });
  });
}

void Scope::spawn(asio::awaitable<void> task) const {
  const std::optional<asio::any_io_executor> executor =
      state_->home ? state_->home->executor() : std::nullopt;
  if (!executor)
    throw std::logic_error("persistance::layer: spawn needs the scope of a layer or of a run");
  const auto spawned = std::make_shared<detail::Task>(state_);
  if (state_->add(spawned)) throw ClosedError();
  spawned->start(*executor, std::move(task));
}

namespace {

asio::awaitable<void> closeWith(std::shared_ptr<detail::ScopeState> state, Exit exit,
                                AwaitedEnd::Chain chain) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto closing = detail::Closing::begin(state, exit, executor, *chain);
  co_await detail::Completion::wait(closing->over());
  // The error of the exit is the caller's own; it comes back only where there is more to say.
  detail::CloseFailures failures = closing->failures();
  if (!failures.empty()) throw CloseError(exit.error(), std::move(failures));
}

}  // namespace

AwaitedEnd Scope::close(Exit exit) const {
  auto chain = std::make_shared<const void*>(nullptr);
  return AwaitedEnd(closeWith(state_, std::move(exit), chain), chain);
}

}  // namespace persistance::layer
