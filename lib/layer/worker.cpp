#include "worker.hpp"

#include <iterator>

namespace persistance::layer::detail {

void Worker::push(std::vector<JobPtr> inOrder) {
  stack_.insert(stack_.end(), std::make_move_iterator(inOrder.rbegin()),
                std::make_move_iterator(inOrder.rend()));
}

void Worker::work() {
  const std::shared_ptr<Worker> self = shared_from_this();
  for (;;) {
    while (!stack_.empty()) {
      const JobPtr job = std::move(stack_.back());
      stack_.pop_back();
      job->step();
    }
    std::vector<JobPtr> more;
    {
      const std::lock_guard lock(mutex_);
      if (inbox_.empty()) {
        at_ = std::thread::id();
        busy_ = false;
        return;
      }
      more.swap(inbox_);
    }
    push(std::move(more));
  }
}

}  // namespace persistance::layer::detail
