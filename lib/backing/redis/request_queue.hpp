#pragma once
/// @file
/// What waits to be written, within limits.

#include <algorithm>
#include <cstddef>
#include <deque>
#include <utility>
#include <vector>

#include "backing/redis/request.hpp"

namespace persistance::backing::redis {

/// First in, first out. The limits count what waits and what is on its way alike, so a server that
/// takes everything and answers nothing cannot make the process grow either.
class RequestQueue {
 public:
  struct Limits {
    std::size_t requests;
    std::size_t bytes;
  };

  explicit RequestQueue(Limits limits) : limits_(limits) {}

  /// False: there is no room. A request of any size is taken where nothing else is there.
  [[nodiscard]] bool offer(const RequestPtr& request) {
    if (full(*request)) makeRoom();
    if (full(*request)) return false;
    count_ += 1;
    bytes_ += request->wire.size();
    waiting_.push_back(request);
    return true;
  }

  /// Moves requests to `batch` until that holds `bytes`, at least one; leaves out the abandoned.
  void take(std::vector<RequestPtr>& batch, std::size_t bytes) {
    std::size_t taken = 0;
    while (!waiting_.empty() && (taken == 0 || taken + waiting_.front()->wire.size() <= bytes)) {
      RequestPtr request = std::move(waiting_.front());
      waiting_.pop_front();
      if (request->abandoned) {
        settle(*request);
        continue;
      }
      taken += request->wire.size();
      batch.push_back(std::move(request));
    }
  }

  /// The room of a request that was taken and is over.
  void settle(const Request& request) {
    count_ -= 1;
    bytes_ -= request.wire.size();
  }

  /// Takes out all that `ends(request)` names, and gives them back in order.
  template <class Predicate>
  [[nodiscard]] std::vector<RequestPtr> remove(Predicate ends) {
    std::vector<RequestPtr> removed;
    std::erase_if(waiting_, [&](RequestPtr& request) {
      if (!ends(*request)) return false;
      settle(*request);
      removed.push_back(std::move(request));
      return true;
    });
    return removed;
  }

  [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }
  /// Waiting and on their way.
  [[nodiscard]] std::size_t outstanding() const noexcept { return count_; }

  [[nodiscard]] Clock::time_point nextDeadline() const {
    auto next = Clock::time_point::max();
    for (const RequestPtr& request : waiting_) next = std::min(next, request->deadline);
    return next;
  }

 private:
  [[nodiscard]] bool full(const Request& request) const {
    if (count_ == 0) return false;
    return count_ >= limits_.requests || bytes_ + request.wire.size() > limits_.bytes;
  }

  /// Drops the abandoned. That looks at all requests: where it was of no use, it is not done again
  /// before as many were refused.
  void makeRoom() {
    if (refusalsBeforeSweep_ > 0) {
      --refusalsBeforeSweep_;
      return;
    }
    const auto dropped = remove([](const Request& request) { return request.abandoned.load(); });
    refusalsBeforeSweep_ = dropped.empty() ? waiting_.size() : 0;
  }

  Limits limits_;
  std::deque<RequestPtr> waiting_;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
  std::size_t refusalsBeforeSweep_ = 0;
};

}  // namespace persistance::backing::redis
