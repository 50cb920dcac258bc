#include <persistance/layer/detail/runtime.hpp>

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "awaiting.hpp"
#include "closing.hpp"
#include "session.hpp"

namespace persistance::layer::detail {

/// What is built or runs for a runtime.
struct Coming;
using Use = std::variant<std::shared_ptr<Root>, std::shared_ptr<Session>, std::shared_ptr<Coming>>;

/// A run that has services and is not there yet.
struct Coming {
  void cancel() {}
};

namespace {

void cancel(const Use& use) {
  std::visit([](const auto& one) { one->cancel(); }, use);
}

}  // namespace

class Runtime final : public Supervisor, public std::enable_shared_from_this<Runtime> {
 public:
  Runtime(Ref layer, MemoMap memoMap) : ref(std::move(layer)), map(std::move(memoMap)) {}

  const Ref ref;
  const MemoMap map;
  const Scope scope;

  [[nodiscard]] std::optional<Services> known() {
    const std::lock_guard lock(mutex_);
    check();
    return services_;
  }

  void learn(const Services& services) {
    {
      const std::lock_guard lock(mutex_);
      if (disposing_) return;
      services_ = services;
    }
    supervise(map.memo(), shared_from_this());
  }

  void add(const Use& use) {
    const std::lock_guard lock(mutex_);
    check();
    uses_.push_back(use);
  }

  void remove(const Use& use) {
    const std::lock_guard lock(mutex_);
    std::erase(uses_, use);
    setIfIdle();
  }

  /// Lets nothing more begin, cancels what is on its way, and is idle when that has ended: all but
  /// the run that awaits this.
  void dispose(const void* chain);

  /// A task has failed.
  [[nodiscard]] bool failed() {
    const std::lock_guard lock(mutex_);
    return failed_ != nullptr;
  }

  const std::shared_ptr<ScopeState>& held() const override { return scope.state(); }
  void taskFailed(const std::exception_ptr& error) override;

  const std::shared_ptr<Completion> idle = std::make_shared<Completion>();

 private:
  void check() const {
    if (disposing_) throw ClosedError();
    if (failed_) std::rethrow_exception(failed_);
  }
  void setIfIdle() {
    if (disposing_ && uses_.empty()) idle->set();
  }

  std::mutex mutex_;
  // Guarded by `mutex_`.
  bool disposing_ = false;
  std::exception_ptr failed_;  // of a task
  std::optional<Services> services_;
  std::vector<Use> uses_;
};

void Runtime::dispose(const void* chain) {
  {
    const std::lock_guard lock(map.memo()->family->mutex);
    if (map.memo()->family->running.contains(chain))
      throw std::logic_error(
          "persistance::layer: a layer disposes of a runtime that waits for that layer");
  }
  {
    std::optional<Services> services;  // dies outside the lock: its objects are the user's
    const std::lock_guard lock(mutex_);
    disposing_ = true;
    services.swap(services_);
  }
  std::vector<Use> uses;
  {
    const std::lock_guard lock(mutex_);
    uses = uses_;
    std::erase_if(uses_, [&](const Use& use) {
      const auto* run = std::get_if<std::shared_ptr<Session>>(&use);
      return run != nullptr && chain != nullptr && (*run)->chain() == chain;
    });
    setIfIdle();
  }
  for (const Use& use : uses) cancel(use);
}

void Runtime::taskFailed(const std::exception_ptr& error) {
  std::vector<Use> uses;
  {
    const std::lock_guard lock(mutex_);
    if (disposing_ || failed_) return;
    failed_ = error;
    uses = uses_;
  }
  for (const Use& use : uses) {
    if (const auto* run = std::get_if<std::shared_ptr<Session>>(&use)) (*run)->taskFailed(error);
  }
}

namespace {

// Known to its runtime; forgotten also when its coroutine is destroyed.
class Registered {
 public:
  Registered(std::shared_ptr<Runtime> runtime, Use use)
      : runtime_(std::move(runtime)), use_(std::move(use)) {
    runtime_->add(use_);
  }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;
  ~Registered() { runtime_->remove(use_); }

 private:
  const std::shared_ptr<Runtime> runtime_;
  const Use use_;
};

}  // namespace

std::shared_ptr<Runtime> makeRuntime(Ref ref, MemoMap map) {
  return std::make_shared<Runtime>(std::move(ref), std::move(map));
}

asio::awaitable<Services> runtimeServices(std::shared_ptr<Runtime> runtime) {
  if (std::optional<Services> known = runtime->known()) co_return std::move(*known);
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const void* chain = nullptr;
  co_await ReadChain(chain);
  const auto root = std::make_shared<Root>(executor, runtime->ref, runtime->map.memo(), chain);
  Services services;
  {
    const Registered registered(runtime, root);
    services = co_await awaitAnswer(root, runtime->scope, std::nullopt);
  }
  services = services.only(runtime->ref.gives);
  runtime->learn(services);
  co_return services;
}

asio::awaitable<void> runtimeRun(std::shared_ptr<Runtime> runtime, const Function& body) {
  std::optional<Registered> coming(std::in_place, runtime, std::make_shared<Coming>());
  Services services = co_await runtimeServices(runtime);
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const Scope own(std::make_shared<ScopeState>(std::make_shared<Home>(executor)));
  const auto run =
      std::make_shared<Session>(executor, &body, std::move(services), runtime->scope.state(), own);
  own.state()->owner = std::shared_ptr<ScopeOwner>(run);
  const Registered registered(runtime, run);
  coming.reset();
  run->start();
  bool cancelled = false;
  try {
    co_await Completion::wait(run->over());
  } catch (const std::system_error&) {
    cancelled = true;
  }
  if (cancelled) {
    run->cancel();
    co_await waitAfterCancel(run->over(), std::nullopt);
  }
  co_await closeScope(own.state(), run->error());
}

namespace {

// One call of dispose. Each closes what is still to be closed: the execution context that another
// one worked on may be gone.
struct Disposal {
  std::shared_ptr<Completion> over = std::make_shared<Completion>();
  CloseFailures failures;  // written before `over` is set
};

asio::awaitable<void> closeDisposed(std::shared_ptr<Runtime> runtime,
                                    std::shared_ptr<Disposal> disposal) {
  co_await Completion::wait(runtime->idle);
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto closing = Closing::begin(runtime->scope.state(), Exit(), executor, nullptr);
  co_await Completion::wait(closing->over());
  disposal->failures = closing->failures();
  disposal->over->set();
}

asio::awaitable<void> dispose(std::shared_ptr<Runtime> runtime, Deadline deadline,
                              AwaitedEnd::Chain chain) {
  runtime->dispose(*chain);
  const auto disposal = std::make_shared<Disposal>();
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  // On its own, so that it goes on where the deadline passes.
  asio::co_spawn(executor, closeDisposed(runtime, disposal), asio::detached);
  co_await Completion::waitFor(disposal->over, deadline);
  if (!disposal->over->isSet()) throw ShutdownTimeout();
  if (!disposal->failures.empty()) throw CloseError(nullptr, disposal->failures);
}

}  // namespace

bool runtimeFailed(Runtime& runtime) { return runtime.failed(); }

AwaitedEnd runtimeDispose(std::shared_ptr<Runtime> runtime,
                          std::optional<std::chrono::milliseconds> deadline) {
  auto chain = std::make_shared<const void*>(nullptr);
  return AwaitedEnd(dispose(std::move(runtime), deadline, chain), chain);
}

}  // namespace persistance::layer::detail
