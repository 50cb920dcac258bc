#include <persistance/layer/detail/build.hpp>
#include <system_error>
#include <utility>

#include "closing.hpp"
#include "root.hpp"
#include "shield.hpp"

namespace persistance::layer::detail {
namespace {

// Lets go of what was built for nobody.
asio::awaitable<void> letGo(InstancePtr instance, std::exception_ptr why) {
  const auto scope = std::make_shared<ScopeState>();
  (void)scope->add(std::move(instance));
  const Exit exit(why);
  const Closing closing = co_await closeScope(scope, exit);
  std::rethrow_exception(closing.error(why));
}

asio::awaitable<Answer> ask(std::shared_ptr<Root> root, std::exception_ptr& cancelled) {
  root->start();
  try {
    co_await async::Event::wait(root->answer1);
  } catch (const std::system_error&) {
    cancelled = std::current_exception();
  }
  if (cancelled) {
    // A cancelled coroutine awaits nothing more unless it says so.
    co_await asio::this_coro::reset_cancellation_state();
    root->cancel();
    (void)co_await waitToTheEnd(root->answer2);
  }
  co_return std::move(root->answer);
}

}  // namespace

asio::awaitable<Services> buildServices(Ref ref, Scope scope, MemoMap map) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  std::exception_ptr cancelled;
  Answer answer = co_await ask(std::make_shared<Root>(executor, ref, map.memo()), cancelled);
  if (answer.kind == Answer::Kind::failure)
    std::rethrow_exception(combined(answer.error, std::move(answer.failures)));
  if (cancelled && answer.instance) co_await letGo(std::move(answer.instance), cancelled);
  if (cancelled) std::rethrow_exception(cancelled);
  if (answer.instance && scope.state()->add(answer.instance)) {
    const auto closed = std::make_exception_ptr(ClosedError());
    co_await letGo(std::move(answer.instance), closed);
  }
  co_return answer.services.only(ref.gives);
}

asio::awaitable<void> runBody(Ref ref, const Function& body, MemoMap map,
                              std::optional<std::chrono::milliseconds> deadline) {
  const Scope scope;
  Services services = co_await buildServices(std::move(ref), scope, std::move(map));
  std::exception_ptr error;
  {
    // The services die before the scope closes: a layer's own hold on its service is the last.
    const Call call(std::move(services), scope);
    Given given;
    try {
      asio::awaitable<void> work = body.call(call, given);
      if (work.valid()) co_await std::move(work);
    } catch (...) {
      error = std::current_exception();
    }
  }
  const Exit exit(error);
  co_await asio::this_coro::reset_cancellation_state();
  const Closing closing = co_await closeScope(scope.state(), exit, deadline);
  if (const std::exception_ptr all = closing.error(error)) std::rethrow_exception(all);
}

namespace {

class Forever final : public Function {
 public:
  asio::awaitable<void> call(const Call&, Given&) const override { return wait(); }

 private:
  static asio::awaitable<void> wait() {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    co_await async::Event::wait(std::make_shared<async::Event>(executor));
  }
};

}  // namespace

asio::awaitable<void> launchServices(Ref ref, LaunchOptions options) {
  const Forever body;
  co_await runBody(std::move(ref), body, MemoMap(), options.shutdownDeadline);
}

}  // namespace persistance::layer::detail
