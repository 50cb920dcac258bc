#include "requests.hpp"

#include <utility>

namespace profile_server {

Requests::Requests(const asio::any_io_executor& executor) : executor_(executor), idle_(executor) {}

restinio::request_handling_status_t Requests::run(restinio::request_handle_t request,
                                                  asio::awaitable<Response> handler) {
  if (draining_) {
    return answer(*request,
                  refusal(restinio::status_service_unavailable(), "the server is stopping"));
  }
  const auto running = running_.emplace(running_.end());
  auto done = [self = shared_from_this(), request, running](const std::exception_ptr& error,
                                                            const Response& response) {
    auto written = [self, running](const asio::error_code&) { self->finished(running); };
    self->send(*request, error ? responseTo(error) : response, std::move(written));
  };
  asio::co_spawn(executor_, std::move(handler),
                 asio::bind_cancellation_slot(running->slot(), std::move(done)));
  return restinio::request_accepted();
}

restinio::request_handling_status_t Requests::answer(restinio::request_t& request,
                                                     const Response& response) {
  return send(request, response, {});
}

void Requests::finished(Running::iterator request) {
  running_.erase(request);
  if (running_.empty()) idle_.cancel();
}

asio::awaitable<std::size_t> Requests::drain(std::chrono::milliseconds deadline) {
  constexpr std::chrono::seconds grace(1);  // for what was cancelled
  draining_ = true;
  co_await idleWithin(deadline);
  const std::size_t late = running_.size();
  for (auto request = running_.begin(); request != running_.end();) {
    (request++)->emit(asio::cancellation_type::terminal);
  }
  co_await idleWithin(grace);
  co_return late;
}

asio::awaitable<void> Requests::idleWithin(std::chrono::milliseconds time) {
  if (running_.empty()) co_return;
  idle_.expires_after(time);
  asio::error_code stopped;
  co_await idle_.async_wait(asio::redirect_error(asio::use_awaitable, stopped));
}

restinio::request_handling_status_t Requests::send(restinio::request_t& request,
                                                   const Response& response,
                                                   restinio::write_status_cb_t written) const {
  using Json = nlohmann::json;
  const bool isHead = request.header().method() == restinio::http_method_head();
  auto builder = request.create_response<restinio::user_controlled_output_t>(response.status);
  std::string body;
  if (!response.body.is_null()) {
    // A body may quote what the client sent, so nothing in it may fail.
    body = response.body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    builder.append_header(restinio::http_field::content_type, "application/json");
  }
  if (!response.allow.empty()) builder.append_header(restinio::http_field::allow, response.allow);
  if (draining_) builder.connection_close();
  builder.set_content_length(body.size());
  if (!isHead) builder.set_body(std::move(body));
  return builder.done(std::move(written));
}

}  // namespace profile_server
