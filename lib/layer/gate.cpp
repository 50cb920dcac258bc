#include "gate.hpp"

namespace persistance::layer::detail {

void Gate::leave() {
  std::unique_lock lock(mutex_);
  if (--inside_ == 0 && !alone_.empty()) runAlone(std::move(lock));
}

void Gate::alone(std::function<void()> f) {
  std::unique_lock lock(mutex_);
  alone_.push_back(std::move(f));
  if (inside_ == 0 && !closed_) runAlone(std::move(lock));
}

void Gate::runAlone(std::unique_lock<std::mutex> lock) {
  closed_ = true;
  while (!alone_.empty()) {
    std::vector<std::function<void()>> now = std::exchange(alone_, {});
    lock.unlock();
    for (const auto& f : now) f();
    now.clear();
    lock.lock();
  }
  closed_ = false;
  const std::vector<std::unique_ptr<Held>> held = std::exchange(held_, {});
  lock.unlock();
  for (const auto& handler : held) handler->again();
}

}  // namespace persistance::layer::detail
