#include "home.hpp"

#include <vector>

#include "async/of_context.hpp"

namespace persistance::layer::detail {

void Homes::stop() noexcept {
  std::vector<asio::any_io_executor> executors;  // die outside the lock
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  for (Home* home : homes_) {
    executors.push_back(std::move(*home->executor_));
    home->executor_.reset();
  }
  homes_.clear();
}

Home::Home(const asio::any_io_executor& executor)
    : all_(async::OfContext<Homes>::get(asio::query(executor, asio::execution::context))),
      executor_(executor) {
  const std::lock_guard lock(all_->mutex_);
  all_->homes_.insert(this);
}

Home::~Home() {
  const std::lock_guard lock(all_->mutex_);
  all_->homes_.erase(this);
}

std::optional<asio::any_io_executor> Home::executor() const {
  const std::lock_guard lock(all_->mutex_);
  return executor_;
}

bool Home::alive() const {
  const std::lock_guard lock(all_->mutex_);
  return executor_.has_value();
}

// In place: a copy could be the last to go, after the context.
bool Home::same(const Home& other) const {
  if (this == &other) return true;
  if (all_ != other.all_) return false;
  const std::lock_guard lock(all_->mutex_);
  return executor_ && executor_ == other.executor_;
}

}  // namespace persistance::layer::detail
