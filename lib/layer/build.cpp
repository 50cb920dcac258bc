#include <persistance/layer/detail/build.hpp>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include "awaiting.hpp"
#include "closing.hpp"
#include "session.hpp"

namespace persistance::layer::detail {

asio::awaitable<Services> buildServices(Ref ref, Scope scope, MemoMap map) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const void* chain = nullptr;
  co_await ReadChain(chain);
  const auto root = std::make_shared<Root>(executor, ref, map.memo(), chain);
  const Services services = co_await awaitAnswer(root, std::move(scope), std::nullopt);
  co_return services.only(ref.gives);
}

// Builds, runs the body, and closes; the deadline is that of the end, from a cancellation on.
// `executor`: where the functions run; an empty one: on that of the caller.
asio::awaitable<void> runSession(Ref ref, const Function* body, MemoMap map, Deadline deadline,
                                 asio::any_io_executor executor = {}) {
  using Clock = std::chrono::steady_clock;
  if (!executor) executor = co_await asio::this_coro::executor;
  if (deadline) deadline = std::max(*deadline, std::chrono::milliseconds(0));
  const void* chain = nullptr;
  co_await ReadChain(chain);
  const Scope scope(std::make_shared<ScopeState>(std::make_shared<Home>(executor)));
  std::shared_ptr<Session> session;
  {
    const auto root = std::make_shared<Root>(executor, ref, map.memo(), chain);
    const Services services = co_await awaitAnswer(root, scope, deadline);
    session = std::make_shared<Session>(executor, body, services, scope.state(), scope);
  }
  scope.state()->owner = std::shared_ptr<ScopeOwner>(session);
  supervise(map.memo(), session);
  session->start();
  bool cancelled = false;
  try {
    co_await Completion::wait(session->over());
  } catch (const std::system_error&) {
    cancelled = true;
  }
  const Clock::time_point began = Clock::now();
  if (cancelled) {
    session->cancel();
    co_await waitAfterCancel(session->over(), deadline);
    if (!session->over()->isSet()) throw ShutdownTimeout();
  }
  if (deadline) {
    const auto used = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
    deadline = std::max(*deadline - used, std::chrono::milliseconds(0));
  }
  co_await closeScope(scope.state(), session->error(), deadline);
}

asio::awaitable<void> runBody(Ref ref, const Function& body, MemoMap map) {
  return runSession(std::move(ref), &body, std::move(map), std::nullopt);
}

asio::awaitable<void> launchServices(Ref ref, LaunchOptions options,
                                     asio::any_io_executor executor) {
  return runSession(std::move(ref), nullptr, MemoMap(), options.shutdownDeadline,
                    std::move(executor));
}

}  // namespace persistance::layer::detail
