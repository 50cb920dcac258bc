#pragma once
/// @file
/// From RESTinio's callbacks to coroutines.

#include <chrono>
#include <list>
#include <memory>

#include <persistance/asio.hpp>
#include <restinio/request_handler.hpp>

#include "response.hpp"

namespace profile_server {

/// Runs one coroutine for each request, answers with what it returns or throws, and knows which
/// requests are not answered yet. All on one thread.
class Requests : public std::enable_shared_from_this<Requests> {
 public:
  explicit Requests(const asio::any_io_executor& executor);

  /// What a route returns to RESTinio. `handler` has not started yet; once the server is draining
  /// it never does.
  restinio::request_handling_status_t run(restinio::request_handle_t request,
                                          asio::awaitable<Response> handler);

  /// Answers a request that needs no coroutine.
  restinio::request_handling_status_t answer(restinio::request_t& request,
                                             const Response& response);

  /// Refuses what comes from now on and waits until the last running request has its answer
  /// written. Those that are still running after `deadline` are cancelled, and cut off if that does
  /// not help.
  /// @par Returns  How many ran into the deadline.
  [[nodiscard]] asio::awaitable<std::size_t> drain(std::chrono::milliseconds deadline);

 private:
  using Running = std::list<asio::cancellation_signal>;

  /// Sends; then, or when the connection is gone, `written` is called.
  restinio::request_handling_status_t send(restinio::request_t& request, const Response& response,
                                           restinio::write_status_cb_t written) const;
  void finished(Running::iterator request);
  [[nodiscard]] asio::awaitable<void> idleWithin(std::chrono::milliseconds time);

  asio::any_io_executor executor_;
  Running running_;          // one for each request, until its answer is written
  asio::steady_timer idle_;  // cancelled when the last one is
  bool draining_ = false;
};

}  // namespace profile_server
