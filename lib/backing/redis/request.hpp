#pragma once
/// @file
/// One thing to send to one node, and what came of it.

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "async/event.hpp"
#include "backing/redis/failure.hpp"
#include "backing/redis/reply.hpp"

namespace persistance::redis {

using Clock = std::chrono::steady_clock;

/// Which kind of reply a command has when it is no error: one letter a reply.
namespace expects {
inline constexpr char status = '+';
inline constexpr char integer = ':';
inline constexpr char bulk = '$';  ///< Or nil.
inline constexpr char array = '*';
}  // namespace expects

/// The replies of one request. Most requests have one: that costs no allocation.
class Replies {
 public:
  void reserve(std::size_t count) {
    if (count > 1) more_.reserve(count - 1);
  }
  void push_back(Reply&& reply) {
    if (size_++ == 0) {
      first_ = std::move(reply);
    } else {
      more_.push_back(std::move(reply));
    }
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] Reply& operator[](std::size_t i) { return i == 0 ? first_ : more_[i - 1]; }
  [[nodiscard]] const Reply& operator[](std::size_t i) const {
    return i == 0 ? first_ : more_[i - 1];
  }
  [[nodiscard]] Reply& front() noexcept { return first_; }
  [[nodiscard]] const Reply& back() const { return (*this)[size_ - 1]; }

 private:
  std::size_t size_ = 0;
  Reply first_;
  std::vector<Reply> more_;
};

/// Several commands travel in one request where they go to one node together. It owns all that it
/// needs: the one who waits may be gone before the reply comes.
///
/// @par Threads  The waiter reads the result after `done`; until then it belongs to the connection.
///               `abandoned` may be set at any time.
class Request {
 public:
  Request(const asio::any_io_executor& waiter, Clock::time_point deadline_)
      : deadline(deadline_), done(waiter) {}
  /// `done` is to be attached, and the deadline set, before it is submitted.
  explicit Request(char expected_) : expected(1, expected_) {}

  std::string wire;
  std::string expected;  ///< One of `expects` for each reply.
  Clock::time_point deadline{};

  Replies replies;  ///< All of `expected`, where there is no refusal.
  std::optional<Refusal> refusal;

  /// Fails with the first failed attempt to connect, rather than wait for a later one.
  bool impatient = false;

  /// Nobody waits any more: not sent if it is not sent yet, else the replies are drained.
  std::atomic<bool> abandoned = false;
  /// Set by the connection once the waiter has been told; replies that come later are drained.
  bool finished = false;
  async::Event done;

  void finish() noexcept {
    finished = true;
    done.set();
  }
  void finish(Refusal why) {
    refusal = std::move(why);
    finish();
  }

  /// The waiter's handle on the event; the request lives as long as it.
  [[nodiscard]] static std::shared_ptr<async::Event> event(
      const std::shared_ptr<Request>& request) {
    return {request, &request->done};
  }
};

using RequestPtr = std::shared_ptr<Request>;

}  // namespace persistance::redis
