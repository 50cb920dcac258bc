#pragma once
/// @file
/// What travels to one node in one piece, and what came of it.

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "async/event.hpp"
#include "backing/redis/recycled.hpp"
#include "backing/redis/refusal.hpp"
#include "backing/redis/reply.hpp"

namespace persistance::backing::redis {

using Clock = std::chrono::steady_clock;

/// Which kind of reply a command has when it is no error: one letter a reply.
namespace expects {
inline constexpr char status = '+';
inline constexpr char integer = ':';
inline constexpr char bulk = '$';  ///< Or nil.
inline constexpr char array = '*';
}  // namespace expects

/// One command, or several that go to one node together. It owns all that it needs: the one who
/// waits may be gone before the reply comes.
///
/// @par Threads  The waiter reads the result after `done`; until then it belongs to the connection.
///               `abandoned` may be set at any time.
class Request {
 public:
  Request(const asio::any_io_executor& waiter, Clock::time_point deadline_)
      : deadline(deadline_), done(waiter) {}
  /// One command. Its deadline is to be set, and `done` to be attached, before it is submitted.
  Request(char expected_, std::string wire_) : wire(std::move(wire_)), expected(1, expected_) {}

  std::string wire;
  std::string expected;  ///< One of `expects` for each reply.
  Clock::time_point deadline{};
  bool waitsForReplicas = false;  ///< The last reply is that of WAIT.
  bool failFast = false;          ///< Not to wait beyond the next failed attempt to connect.

  Replies replies;  ///< All of `expected`, where there is no refusal.
  std::optional<Refusal> refusal;

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

  /// Waits until it is finished.
  /// @par Cancellation  Terminal; ends with operation_aborted.
  [[nodiscard]] static asio::awaitable<void> wait(const std::shared_ptr<Request>& request) {
    return async::Event::wait(std::shared_ptr<async::Event>(request, &request->done));
  }
};

using RequestPtr = std::shared_ptr<Request>;

/// Every request is made here.
template <class... Arguments>
[[nodiscard]] RequestPtr makeRequest(Arguments&&... arguments) {
  return std::allocate_shared<Request>(Recycled<Request>(), std::forward<Arguments>(arguments)...);
}

}  // namespace persistance::backing::redis
