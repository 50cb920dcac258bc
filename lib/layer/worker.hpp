#pragma once
/// @file
/// Who does the work of one build or one close: one job at a time.

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <persistance/asio.hpp>

#include "home.hpp"

namespace persistance::layer::detail {

/// Something that can go on. Jobs never call each other; they put each other on the worker's stack,
/// so that a graph of any depth is built, closed and destroyed on a flat native stack.
class Job : public std::enable_shared_from_this<Job> {
 public:
  Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  virtual ~Job() = default;
  virtual void step() = 0;
};
using JobPtr = std::shared_ptr<Job>;

/// Runs the jobs of one build or one close, the last pushed first: depth first, in the order in
/// which the layers were written. It has no thread and no strand: whoever comes first does all the
/// work that there is, so jobs need no lock among themselves; and what the user's functions go on
/// to do after their first wait is not serialised with it.
class Worker : public std::enable_shared_from_this<Worker> {
 public:
  explicit Worker(const asio::any_io_executor& executor)
      : home_(std::make_shared<Home>(executor)) {}

  /// The executor of the coroutine that asked.
  [[nodiscard]] const HomePtr& home() const noexcept { return home_; }

  /// Runs `f`, and then all that it pushed; from a handler of the home's. At once where nobody is
  /// at work, else whoever is does it.
  template <class F>
  void enter(F f) {
    if (isHere()) return f();
    if (!begin(f)) return;
    f();
    work();
  }

  /// The same from anywhere, and never at once. Where the home is gone, nothing happens any more.
  template <class F>
  void post(F f) {
    home_->post(
        [self = shared_from_this(), f = std::move(f)]() mutable { self->enter(std::move(f)); });
  }

  // The rest only from inside of enter().

  void push(JobPtr job) { stack_.push_back(std::move(job)); }
  /// The first of them runs first.
  void push(std::vector<JobPtr> inOrder);
  /// This thread is at work here.
  [[nodiscard]] bool isHere() const noexcept { return at_.load() == std::this_thread::get_id(); }

 private:
  template <class F>
  struct Task final : Job {
    explicit Task(F f_) : f(std::move(f_)) {}
    void step() override { f(); }
    F f;
  };

  // True: nobody was at work, and now this thread is. False: somebody is and has taken `f`.
  template <class F>
  bool begin(F& f) {
    const std::lock_guard lock(mutex_);
    if (!busy_) {
      busy_ = true;
      at_ = std::this_thread::get_id();
      return true;
    }
    inbox_.push_back(std::make_shared<Task<F>>(std::move(f)));
    return false;
  }
  void work();

  const HomePtr home_;
  std::vector<JobPtr> stack_;
  std::atomic<std::thread::id> at_{};
  std::mutex mutex_;
  bool busy_ = false;          // guarded by `mutex_`
  std::vector<JobPtr> inbox_;  // guarded by `mutex_`
};

}  // namespace persistance::layer::detail
