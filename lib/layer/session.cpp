#include "session.hpp"

#include <utility>

#include "failure.hpp"
#include "failure_notes.hpp"

namespace persistance::layer::detail {

Session::Session(const asio::any_io_executor& executor, const Function* body, Services services,
                 std::shared_ptr<ScopeState> held, const Scope& own)
    : worker_(std::make_shared<Worker>(executor)),
      body_(body),
      held_(std::move(held)),
      call_(std::move(services), own) {}

void Session::start() {
  worker_->enter([self = self()] { self->begin(); });
}

void Session::begin() {
  if (over_->isSet()) return;
  if (stopped_) return ended(aborted());
  if (body_ == nullptr) return;
  std::exception_ptr error;
  try {
    asio::awaitable<void> work = body_->call(call_, given_);
    const auto executor = worker_->home()->executor();
    if (work.valid() && executor) {
      auto operation =
          Operation::start(self(), worker_, std::make_shared<Gate>(), *executor, std::move(work));
      if (!over_->isSet()) operation_ = std::move(operation);
      return;
    }
  } catch (...) {
    error = std::current_exception();
  }
  ended(std::move(error));
}

void Session::cancel() {
  worker_->post([self = self()] { self->stop(); });
}

void Session::taskFailed(const std::exception_ptr& error) {
  {
    const std::lock_guard lock(mutex_);
    if (over_->isSet() || error_) return;
    error_ = error;
  }
  cancel();
}

void Session::stop() {
  stopped_ = true;
  if (operation_) return operation_->cancel();
  if (body_ == nullptr && !over_->isSet()) ended(aborted());
}

void Session::ended(std::exception_ptr error) {
  if (error) noteFailure(error, {}, noted_);
  {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);  // else the body was stopped because of that
  }
  operation_.reset();
  // The services die before the scope closes: a layer's own hold on its service is the last.
  call_.services = Services();
  over_->set();
}

std::exception_ptr Session::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

const void* Session::chain() const {
  const std::lock_guard lock(mutex_);
  return chain_;
}

void Session::runs(const void* chain) noexcept {
  const std::lock_guard lock(mutex_);
  chain_ = chain;
}

}  // namespace persistance::layer::detail
