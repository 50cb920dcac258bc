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

/// Several commands travel in one request where they go to one node together. It owns all that it
/// needs: the one who waits may be gone before the reply comes.
///
/// @par Threads  The waiter reads the result after `done`; until then it belongs to the connection.
///               `abandoned` may be set at any time.
class Request {
 public:
  Request(const asio::any_io_executor& waiter, Clock::time_point deadline_)
      : deadline(deadline_), done(waiter) {}

  std::string wire;
  std::string expected;  ///< One of `expects` for each reply.
  Clock::time_point deadline;

  std::vector<Reply> replies;  ///< All of `expected`, where there is no refusal.
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
