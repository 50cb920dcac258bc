#pragma once
/// @file
/// Where callers and the coroutines of one connection meet.

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "backing/redis/breaker.hpp"
#include "backing/redis/request_queue.hpp"

namespace persistance::backing::redis {

/// What waits for one connection, whether it is up, and what its coroutines are to do. It may
/// outlive them and their execution context: requests are refused as closed from then on.
///
/// @par Threads  Any number at once.
class Outbox {
 public:
  Outbox(RequestQueue::Limits limits, std::size_t breakerThreshold, std::string name);

  // For callers.

  /// Every request that is submitted is finished by its deadline, or soon after.
  void submit(const RequestPtr& request);
  /// Ends the coroutines, which refuse all that runs and waits.
  void stop();
  /// stop(), once nothing runs or waits any more.
  void retire();
  /// A request now would be refused.
  [[nodiscard]] bool down() const;
  [[nodiscard]] bool up() const;
  [[nodiscard]] bool stopping() const;

  // For the connection's coroutines.

  struct Work {
    bool stop = false;
    bool connect = false;  ///< Somebody needs the connection now.
    bool rearm = false;    ///< Something is due before the timer fires.
  };
  /// Null: there is something to do. Else an event that is set when there is.
  [[nodiscard]] std::shared_ptr<async::Event> idle(const asio::any_io_executor& strand);
  [[nodiscard]] Work takeWork();
  /// A request has come since the start.
  [[nodiscard]] bool used() const;

  void connecting();
  /// Refuses what waits, where waiting longer makes no sense.
  void notConnected(const Refusal& why);
  void connected();
  /// The connection went, and with it what was sent.
  template <class Requests>
  void disconnected(const Requests& sent) {
    const std::lock_guard lock(mutex_);
    up_ = writing_ = false;
    for (const RequestPtr& request : sent) queue_.settle(*request);
  }
  /// Nobody will connect any more: refuses what waits and what comes.
  void closeForGood() noexcept;

  /// Takes what the next write sends; false: nothing waits, or a write runs until written().
  [[nodiscard]] bool take(std::vector<RequestPtr>& batch);
  void written();
  /// These have all their replies.
  void settle(const std::vector<RequestPtr>& complete);

  /// Refuses what waited for too long. True: it is retired, and nothing is left.
  [[nodiscard]] bool expire(Clock::time_point now);
  /// When expire() has something to do next, `before` at the latest; the timer fires then.
  [[nodiscard]] Clock::time_point arm(Clock::time_point before);

 private:
  [[nodiscard]] std::optional<Refusal> accept(const RequestPtr& request);
  void wake(std::unique_lock<std::mutex> lock);

  const std::string name_;  // of the server

  mutable std::mutex mutex_;
  // All below is guarded by mutex_.
  RequestQueue queue_;
  Breaker breaker_;
  Refusal lastFailure_;
  bool used_ = false;
  bool up_ = false;       // the queue is being written
  bool writing_ = false;  // what is queued now goes out after the write that runs
  bool stopping_ = false;
  bool retiring_ = false;
  bool connectNow_ = false;
  bool rearm_ = false;
  bool work_ = false;                   // there is something to do
  std::shared_ptr<async::Event> wake_;  // there while the coroutine that does it waits
  Clock::time_point armed_ = Clock::time_point::max();  // when the timer fires next
};

}  // namespace persistance::backing::redis
