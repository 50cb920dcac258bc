#include "awaiting.hpp"

#include <optional>
#include <system_error>
#include <utility>

#include "closing.hpp"
#include "failure_notes.hpp"

namespace persistance::layer::detail {
namespace {

// Lets go of what was built for nobody.
AwaitedEnd letGo(Hold hold, std::exception_ptr why) {
  auto scope = std::make_shared<ScopeState>();
  (void)scope->add(std::move(hold));
  return closeScope(std::move(scope), std::move(why));
}

}  // namespace

AwaitedEnd waitAfterCancel(std::shared_ptr<Completion> over, Deadline deadline) {
  return AwaitedEnd(Completion::waitFor(std::move(over), deadline));
}

asio::awaitable<Services> awaitAnswer(std::shared_ptr<Root> root, Scope scope, Deadline deadline) {
  root->start();
  bool cancelled = false;
  try {
    co_await Completion::wait(root->over);
  } catch (const std::system_error&) {
    cancelled = true;
  }
  if (cancelled) {
    root->cancel();
    co_await waitAfterCancel(root->over, deadline);
    if (!root->over->isSet()) {
      root->leave();
      throw ShutdownTimeout();
    }
  }
  Answer answer = std::move(root->answer);
  if (answer.kind == Answer::Kind::failure)
    std::rethrow_exception(combined(answer.error, std::move(answer.failures)));
  if (cancelled) {
    if (answer.hold) co_await letGo(std::move(answer.hold), aborted());
    std::rethrow_exception(aborted());
  }
  if (answer.hold) {
    std::optional<Ending> closed = scope.state()->add(std::move(answer.hold));
    if (closed) co_await letGo(std::move(std::get<Hold>(*closed)), newError(ClosedError()));
  }
  co_return std::move(answer.services);
}

}  // namespace persistance::layer::detail
