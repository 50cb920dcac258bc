#pragma once
/// @file
/// Which reply belongs to which request: the protocol's whole state, without any I/O.

#include <deque>
#include <vector>

#include "backing/redis/reply_reader.hpp"
#include "backing/redis/request.hpp"

namespace persistance::backing::redis {

/// Redis answers in the order in which it was asked, and says nothing else. So replies belong to
/// the oldest request that has not all of its own; whether anybody still waits for that request
/// does not matter: its replies are taken and dropped.
class ReplyFifo {
 public:
  /// `request` has been handed to the socket, after all that were handed before it.
  void sent(RequestPtr request) { requests_.push_back(std::move(request)); }

  /// Where the next reply is to be put: the place that it is for, so that most are never moved.
  [[nodiscard]] Reply& place() noexcept {
    return direct() ? requests_.front()->replies.first() : spare_;
  }

  /// The next reply stands in place().
  /// @par Returns  The request that it completed, to be told and settled; null where more of its
  ///               replies are to come.
  /// @par Errors   ProtocolError: nothing was asked, or this is no answer to it. Then the request
  ///               at the front is the one that got it, and no later reply can be trusted.
  [[nodiscard]] RequestPtr arrived();

  /// Those that are due and whose waiter has not been told; they stay, to have their replies
  /// drained.
  [[nodiscard]] std::vector<RequestPtr> expire(Clock::time_point now);

  /// All of them, in order; the connection is gone.
  [[nodiscard]] std::deque<RequestPtr> takeAll() { return std::exchange(requests_, {}); }

  [[nodiscard]] bool empty() const noexcept { return requests_.empty(); }
  [[nodiscard]] Clock::time_point nextDeadline() const;

 private:
  [[nodiscard]] bool direct() const noexcept {
    return !requests_.empty() && !requests_.front()->finished &&
           requests_.front()->replies.size() == 0;
  }

  std::deque<RequestPtr> requests_;
  Reply spare_;  // of those that have no place
};

}  // namespace persistance::backing::redis
