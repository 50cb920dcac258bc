#pragma once
/// A server that says what the test tells it to, on loopback and in a thread of its own.

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "backing/redis/net.hpp"

namespace persistance::test {

using Words = std::vector<std::string>;

/// What to do about a command.
struct Action {
  enum Then { keep, close, reset, silence };

  std::string bytes;
  Then then = keep;
  std::chrono::milliseconds pause{0};  ///< Before each of the bytes, where it is not zero.
  std::size_t repeat = 1;              ///< How often the bytes are sent.

  Action(std::string bytes_, Then then_ = keep, std::chrono::milliseconds pause_ = {},
         std::size_t repeat_ = 1)
      : bytes(std::move(bytes_)), then(then_), pause(pause_), repeat(repeat_) {}
  Action(const char* bytes_) : bytes(bytes_) {}
};

class FakeServer {
 public:
  using Script = std::function<Action(const Words& command)>;

  /// `script` answers all but the greeting (PING, CLUSTER SLOTS of a server alone); it is called in
  /// the server's thread.
  explicit FakeServer(Script script)
      : script_(std::move(script)),
        acceptor_(context_, {asio::ip::address_v4::loopback(), 0}),
        work_(context_.get_executor()) {
    asio::co_spawn(context_, accept(), asio::detached);
    thread_ = std::thread([this] { context_.run(); });
  }
  ~FakeServer() {
    context_.stop();
    thread_.join();
  }

  std::uint16_t port() const { return port_; }
  std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_); }
  int connections() const { return connections_; }

  /// Without it the greeting goes to the script too.
  std::atomic<bool> greets = true;
  /// Sent to each connection, before anything else.
  std::string banner;

 private:
  using Socket = asio::ip::tcp::socket;

  asio::awaitable<void> accept() {
    for (;;) {
      auto socket = std::make_shared<Socket>(co_await acceptor_.async_accept(asio::use_awaitable));
      ++connections_;
      asio::co_spawn(context_, serve(socket), asio::detached);
    }
  }

  asio::awaitable<void> serve(std::shared_ptr<Socket> socket) {
    std::string input;
    std::array<char, 4096> buffer;
    std::error_code error;
    if (!banner.empty()) co_await send(socket, banner);
    for (;;) {
      const std::size_t size = co_await socket->async_read_some(
          asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      input.append(buffer.data(), size);
      for (Words command = take(input); !command.empty(); command = take(input)) {
        const Action action = answer(command);
        if (!co_await act(socket, action)) co_return;
      }
    }
  }

  Action answer(const Words& command) {
    if (greets && command[0] == "PING") return "+PONG\r\n";
    if (greets && command[0] == "CLUSTER") {
      return "-ERR This instance has cluster support disabled\r\n";
    }
    return script_(command);
  }

  asio::awaitable<bool> act(std::shared_ptr<Socket> socket, Action action) {
    for (std::size_t i = 0; i < action.repeat; ++i) {
      if (action.pause.count() == 0) {
        if (!co_await send(socket, action.bytes)) co_return false;
        continue;
      }
      for (const char c : action.bytes) {
        asio::steady_timer timer(context_, action.pause);
        co_await timer.async_wait(asio::use_awaitable);
        if (!co_await send(socket, std::string(1, c))) co_return false;
      }
    }
    if (action.then == Action::reset) socket->set_option(asio::socket_base::linger(true, 0));
    if (action.then == Action::close || action.then == Action::reset) {
      std::error_code ignored;
      socket->close(ignored);
      co_return false;
    }
    if (action.then == Action::silence) {
      asio::steady_timer timer(context_, std::chrono::hours(1));
      co_await timer.async_wait(asio::use_awaitable);
    }
    co_return true;
  }

  static asio::awaitable<bool> send(std::shared_ptr<Socket> socket, std::string bytes) {
    std::error_code error;
    co_await asio::async_write(*socket, asio::buffer(bytes),
                               asio::redirect_error(asio::use_awaitable, error));
    co_return !error;
  }

  /// The next whole command, taken off the front; empty where there is none.
  static Words take(std::string& input) {
    std::size_t at = 0;
    const auto number = [&](char mark) -> std::optional<std::size_t> {
      const auto end = input.find("\r\n", at);
      if (end == std::string::npos || input[at] != mark) return std::nullopt;
      const auto value = std::stoul(input.substr(at + 1, end - at - 1));
      at = end + 2;
      return value;
    };
    Words words;
    const auto count = number('*');
    if (!count) return {};
    for (std::size_t i = 0; i < *count; ++i) {
      const auto size = number('$');
      if (!size || input.size() < at + *size + 2) return {};
      words.push_back(input.substr(at, *size));
      at += *size + 2;
    }
    input.erase(0, at);
    return words;
  }

  asio::io_context context_;
  Script script_;
  asio::ip::tcp::acceptor acceptor_;
  const std::uint16_t port_ = acceptor_.local_endpoint().port();
  std::atomic<int> connections_ = 0;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
};

}  // namespace persistance::test
