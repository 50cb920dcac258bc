#include "task.hpp"

#include <utility>

#include "failure.hpp"

namespace persistance::layer::detail {

void Task::start(const asio::any_io_executor& executor, asio::awaitable<void> work) {
  auto operation = Operation::start(std::static_pointer_cast<Task>(shared_from_this()),
                                    std::make_shared<Worker>(executor), std::make_shared<Gate>(),
                                    executor, std::move(work));
  {
    const std::lock_guard lock(mutex_);
    if (over_) return;
    operation_ = operation;
    if (!stopping_) return;
  }
  cancel(operation);
}

// On its home, where nobody destroys the execution context meanwhile.
void Task::cancel(const std::shared_ptr<Operation>& operation) {
  home_->post([operation] { operation->cancel(); });
}

void Task::stop(Stopped stopped) {
  std::shared_ptr<Operation> operation;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    operation = operation_;
    if (!over_) stopped_ = std::exchange(stopped, nullptr);
  }
  if (stopped) return stopped(nullptr);
  if (operation) cancel(operation);
}

void Task::ended(std::exception_ptr error) { over(error); }

void Task::over(const std::exception_ptr& error) {
  Stopped stopped;
  std::shared_ptr<Operation> operation;  // dies outside the lock
  bool stopping = false;
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    stopping = stopping_;
    operation.swap(operation_);
    stopped.swap(stopped_);
  }
  if (stopping) {
    if (stopped) stopped(isAborted(error) ? nullptr : error);
    return;
  }
  if (!error) return;
  const std::shared_ptr<ScopeState> scope = scope_.lock();
  if (!scope) return;
  std::shared_ptr<ScopeOwner> owner;
  {
    const std::lock_guard lock(scope->mutex);
    owner = scope->owner.lock();
  }
  if (owner) owner->taskFailed(error);
}

}  // namespace persistance::layer::detail
