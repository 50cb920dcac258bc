#pragma once
/// @file
/// Who does the work: one strand of control on the executor of the coroutine that asked.

#include <chrono>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include <persistance/asio.hpp>

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

/// A call of a user's function that a job waits for; a member of the job.
struct Operation {
  bool running = false;
  std::exception_ptr error;
  asio::cancellation_signal signal;
};

/// Runs the jobs of one build or one close, the last pushed first: depth first, in the order in
/// which the layers were written. All of it happens on one strand, so jobs need no lock among
/// themselves, and a cancellation never meets its coroutine on another thread.
class Worker : public std::enable_shared_from_this<Worker> {
 public:
  using Executor = asio::strand<asio::any_io_executor>;

  explicit Worker(const asio::any_io_executor& base) : base_(base), executor_(base) {}

  /// The executor of the coroutine that asked.
  [[nodiscard]] const asio::any_io_executor& base() const noexcept { return base_; }

  /// Runs `f` on the strand, at once where that is possible, and then all that it pushed.
  template <class F>
  void dispatch(F f) {
    asio::dispatch(executor_, Entrance<F>(shared_from_this(), std::move(f)));
  }

  /// The same, but never at once.
  template <class F>
  void post(F f) {
    asio::post(executor_, Entrance<F>(shared_from_this(), std::move(f)));
  }

  // The rest on the strand only.

  void push(JobPtr job) { stack_.push_back(std::move(job)); }
  /// The first of them runs first.
  void push(std::vector<JobPtr> inOrder);

  /// Starts `work`. When it ends, `owner` is pushed; where it ends without having waited, that is
  /// before this returns.
  void start(const JobPtr& owner, Operation& operation, asio::awaitable<void> work);

  void drain();

 private:
  template <class F>
  struct Entrance {
    std::shared_ptr<Worker> worker;
    F f;

    Entrance(std::shared_ptr<Worker> worker_, F f_)
        : worker(std::move(worker_)), f(std::move(f_)) {}
    void operator()() {
      f();
      worker->drain();
    }
  };

  void finish(const JobPtr& owner, Operation& operation, std::exception_ptr error);
  static asio::awaitable<void> drive(std::shared_ptr<Worker> worker, JobPtr owner,
                                     Operation& operation, asio::awaitable<void> work);

  asio::any_io_executor base_;
  Executor executor_;
  std::vector<JobPtr> stack_;
  bool draining_ = false;
};

/// Waits.
[[nodiscard]] asio::awaitable<void> sleepFor(std::chrono::milliseconds duration);

}  // namespace persistance::layer::detail
