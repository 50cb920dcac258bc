#include <algorithm>
#include <async/event.hpp>
#include <mutex>
#include <persistance/layer/detail/runtime.hpp>
#include <system_error>
#include <vector>

#include "closing.hpp"
#include "shield.hpp"
#include "worker.hpp"

namespace persistance::layer::detail {
namespace {

// One call of run().
class Running final : public Job {
 public:
  Running(const asio::any_io_executor& executor, const Function& body, Services services,
          const Scope& scope)
      : end1(std::make_shared<async::Event>(executor)),
        end2(std::make_shared<async::Event>(executor)),
        worker_(std::make_shared<Worker>(executor)),
        body_(body),
        call_(std::move(services), scope) {}

  // Set at the end; two, for a wait that is cancelled and then goes on.
  const std::shared_ptr<async::Event> end1;
  const std::shared_ptr<async::Event> end2;

  void start() {
    worker_->dispatch([self = self()] { self->begin(); });
  }

  void cancel() {
    worker_->dispatch([self = self()] {
      self->cancelled_ = true;
      if (self->operation_.running) self->operation_.signal.emit(asio::cancellation_type::terminal);
    });
  }

  /// Once it has ended.
  [[nodiscard]] const std::exception_ptr& error() const noexcept { return operation_.error; }

  void step() override {
    call_.services = Services();
    end1->set();
    end2->set();
  }

 private:
  std::shared_ptr<Running> self() { return std::static_pointer_cast<Running>(shared_from_this()); }

  void begin() {
    try {
      if (cancelled_) std::rethrow_exception(aborted());
      asio::awaitable<void> work = body_.call(call_, given_);
      if (work.valid()) return worker_->start(self(), operation_, std::move(work));
    } catch (...) {
      operation_.error = std::current_exception();
    }
    worker_->push(self());
  }

  const std::shared_ptr<Worker> worker_;
  const Function& body_;
  Call call_;
  Given given_;
  Operation operation_;
  bool cancelled_ = false;
};

}  // namespace

class Runtime {
 public:
  Runtime(Ref layer, MemoMap memoMap) : ref(std::move(layer)), map(std::move(memoMap)) {}

  const Ref ref;
  const MemoMap map;
  const Scope scope;

  [[nodiscard]] std::optional<Services> known() {
    const std::lock_guard lock(mutex_);
    if (disposed_) throw ClosedError();
    return services_;
  }

  void learn(const Services& services) {
    const std::lock_guard lock(mutex_);
    if (!disposed_) services_ = services;
  }

  void add(const std::shared_ptr<Running>& run) {
    const std::lock_guard lock(mutex_);
    if (disposed_) throw ClosedError();
    runs_.push_back(run);
  }

  void remove(const std::shared_ptr<Running>& run) {
    const std::lock_guard lock(mutex_);
    std::erase(runs_, run);
    if (!runs_.empty()) return;
    for (const auto& event : drained_) event->set();
    drained_.clear();
  }

  /// Lets nothing more begin, and cancels what runs; `drained` is set when that has ended.
  void end(const std::shared_ptr<async::Event>& drained) {
    std::vector<std::shared_ptr<Running>> runs;
    std::optional<Services> services;  // dies outside the lock: its objects are the user's
    {
      const std::lock_guard lock(mutex_);
      disposed_ = true;
      services.swap(services_);
      runs = runs_;
      if (!runs.empty()) drained_.push_back(drained);
    }
    if (runs.empty()) drained->set();
    for (const auto& run : runs) run->cancel();
  }

 private:
  std::mutex mutex_;
  // Guarded by `mutex_`.
  bool disposed_ = false;
  std::optional<Services> services_;
  std::vector<std::shared_ptr<Running>> runs_;
  std::vector<std::shared_ptr<async::Event>> drained_;
};

namespace {

// A run that is known to its runtime; forgotten also when its coroutine is destroyed.
class Registered {
 public:
  Registered(std::shared_ptr<Runtime> runtime, std::shared_ptr<Running> run)
      : runtime_(std::move(runtime)), run_(std::move(run)) {
    runtime_->add(run_);
  }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;
  ~Registered() { runtime_->remove(run_); }

 private:
  const std::shared_ptr<Runtime> runtime_;
  const std::shared_ptr<Running> run_;
};

}  // namespace

std::shared_ptr<Runtime> makeRuntime(Ref ref, MemoMap map) {
  return std::make_shared<Runtime>(std::move(ref), std::move(map));
}

asio::awaitable<Services> runtimeServices(std::shared_ptr<Runtime> runtime) {
  std::optional<Services> known = runtime->known();
  if (!known) {
    known = co_await buildServices(runtime->ref, runtime->scope, runtime->map);
    runtime->learn(*known);
  }
  co_return std::move(*known);
}

asio::awaitable<void> runtimeRun(std::shared_ptr<Runtime> runtime, const Function& body) {
  Services services = co_await runtimeServices(runtime);
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto run = std::make_shared<Running>(executor, body, std::move(services), runtime->scope);
  const Registered registered(runtime, run);
  run->start();
  bool cancelled = false;
  try {
    co_await async::Event::wait(run->end1);
  } catch (const std::system_error&) {
    cancelled = true;
  }
  if (cancelled) {
    co_await asio::this_coro::reset_cancellation_state();
    run->cancel();
    (void)co_await waitToTheEnd(run->end2);
  }
  if (run->error()) std::rethrow_exception(run->error());
}

asio::awaitable<void> runtimeDispose(std::shared_ptr<Runtime> runtime,
                                     std::optional<std::chrono::milliseconds> deadline) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto drained = std::make_shared<async::Event>(executor);
  runtime->end(drained);
  const bool cancelled = co_await waitToTheEnd(drained);
  Closing closing = co_await closeScope(runtime->scope.state(), Exit(), deadline);
  closing.cancelled = closing.cancelled || cancelled;
  if (const std::exception_ptr error = closing.error(nullptr)) std::rethrow_exception(error);
}

}  // namespace persistance::layer::detail
