#include "operation.hpp"

#include "async/from_now.hpp"

namespace persistance::layer::detail {

// The handler of co_spawn; it is destroyed without being called when the execution context is.
class Operation::Completion {
 public:
  explicit Completion(std::shared_ptr<Operation> operation) : operation_(std::move(operation)) {}
  Completion(Completion&&) noexcept = default;
  Completion& operator=(Completion&&) = delete;
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;
  ~Completion() {
    if (operation_) operation_->abandon();
  }
  void operator()(std::exception_ptr error) {
    std::exchange(operation_, nullptr)->finish(std::move(error));
  }

 private:
  std::shared_ptr<Operation> operation_;
};

std::shared_ptr<Operation> Operation::start(std::shared_ptr<OperationOwner> owner,
                                            std::shared_ptr<Worker> worker,
                                            std::shared_ptr<Gate> gate,
                                            const asio::any_io_executor& executor,
                                            asio::awaitable<void> work, bool local) {
  const auto operation =
      std::make_shared<Operation>(std::move(owner), std::move(worker), gate, local);
  asio::any_io_executor gated = executor;
  if (gate) gated = GatedExecutor(std::move(gate), executor);
  asio::co_spawn(gated, drive(operation, std::move(work)),
                 asio::bind_cancellation_slot(operation->signal_.slot(), Completion(operation)));
  return operation;
}

// The end is told from here and not from co_spawn's handler, which is always posted: a function
// that did not wait keeps its place in the order.
asio::awaitable<void> Operation::drive(std::shared_ptr<Operation> operation,
                                       asio::awaitable<void> work) {
  const void* chain = nullptr;
  co_await ReadChain(chain);
  {
    const std::lock_guard lock(operation->mutex_);
    if (operation->owner_) operation->owner_->runs(chain);
  }
  std::exception_ptr error;
  try {
    co_await std::move(work);
  } catch (...) {
    error = std::current_exception();
  }
  operation->finish(std::move(error));
}

std::shared_ptr<OperationOwner> Operation::takeOwner() {
  const std::lock_guard lock(mutex_);
  return std::exchange(owner_, nullptr);
}

void Operation::finish(std::exception_ptr error) {
  std::shared_ptr<OperationOwner> owner = takeOwner();
  if (!owner) return;
  owner->runs(nullptr);
  auto tell = [owner = std::move(owner), error = std::move(error)] { owner->ended(error); };
  if (local_) {
    worker_->enter(std::move(tell));
  } else {
    worker_->post(std::move(tell));
  }
}

void Operation::abandon() noexcept {
  if (const std::shared_ptr<OperationOwner> owner = takeOwner()) {
    owner->runs(nullptr);
    owner->abandoned();
  }
}

void Operation::cancel() {
  gate_->alone(
      [self = shared_from_this()] { self->signal_.emit(asio::cancellation_type::terminal); });
}

asio::awaitable<void> sleepFor(std::chrono::milliseconds duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor, async::fromNow(duration));
  co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace persistance::layer::detail
