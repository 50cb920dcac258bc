#include "build_limit.hpp"

#include <utility>

#include "instance.hpp"

namespace persistance::layer::detail {

BuildLimit::BuildLimit(std::weak_ptr<Instance> instance, std::exception_ptr late)
    : instance_(std::move(instance)), late_(std::move(late)) {}

void BuildLimit::start(std::chrono::milliseconds duration) {
  const std::shared_ptr<Instance> instance = instance_.lock();
  if (!instance) return;
  const std::shared_ptr<Worker> worker = instance->worker();
  const auto executor = worker->home()->executor();
  if (!executor) return;
  const auto self = std::static_pointer_cast<BuildLimit>(shared_from_this());
  timer_ = Operation::start(self, worker, std::make_shared<Gate>(), *executor, sleepFor(duration));
}

void BuildLimit::stop() {
  instance_.reset();
  if (const auto timer = std::exchange(timer_, nullptr)) timer->cancel();
}

void BuildLimit::ended(std::exception_ptr) {
  timer_ = nullptr;
  if (const auto instance = std::exchange(instance_, {}).lock()) instance->expired(late_);
}

}  // namespace persistance::layer::detail
