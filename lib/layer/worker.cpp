#include "worker.hpp"

#include <iterator>

namespace persistance::layer::detail {

void Worker::push(std::vector<JobPtr> inOrder) {
  stack_.insert(stack_.end(), std::make_move_iterator(inOrder.rbegin()),
                std::make_move_iterator(inOrder.rend()));
}

void Worker::drain() {
  if (draining_) return;
  draining_ = true;
  while (!stack_.empty()) {
    const JobPtr job = std::move(stack_.back());
    stack_.pop_back();
    job->step();
  }
  draining_ = false;
}

void Worker::start(const JobPtr& owner, Operation& operation, asio::awaitable<void> work) {
  operation.running = true;
  operation.error = nullptr;
  auto handler = [worker = shared_from_this(), owner, &operation](std::exception_ptr error) {
    worker->finish(owner, operation, std::move(error));
  };
  asio::co_spawn(executor_, drive(shared_from_this(), owner, operation, std::move(work)),
                 asio::bind_cancellation_slot(operation.signal.slot(), std::move(handler)));
}

// The end is told from here and not from co_spawn's handler, which is always posted: a function
// that did not wait keeps its place in the order.
asio::awaitable<void> Worker::drive(std::shared_ptr<Worker> worker, JobPtr owner,
                                    Operation& operation, asio::awaitable<void> work) {
  std::exception_ptr error;
  try {
    co_await std::move(work);
  } catch (...) {
    error = std::current_exception();
  }
  worker->finish(owner, operation, std::move(error));
}

asio::awaitable<void> sleepFor(std::chrono::milliseconds duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor, duration);
  co_await timer.async_wait(asio::use_awaitable);
}

void Worker::finish(const JobPtr& owner, Operation& operation, std::exception_ptr error) {
  if (!operation.running) return;
  operation.running = false;
  operation.error = std::move(error);
  push(owner);
  drain();
}

}  // namespace persistance::layer::detail
