#pragma once
/// @file
/// Bytes to and from one server: TCP, unix socket or TLS.

#include <optional>
#include <span>
#include <vector>

#include "backing/redis/net.hpp"
#include "backing/redis/settings.hpp"

namespace persistance::backing::redis {

/// @par Threads  All on one strand. One read and one write at a time.
class Stream {
 public:
  explicit Stream(const asio::any_io_executor& executor);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// Connects, tries all addresses of the name, and does the TLS handshake. The caller bounds the
  /// time by close().
  /// @par Errors  std::system_error; backing::Failure where the server did not prove who it is.
  [[nodiscard]] asio::awaitable<void> connect(const Settings& settings, const Address& address);

  /// At least one byte; 0 with `error`.
  [[nodiscard]] asio::awaitable<std::size_t> readSome(std::span<char> into, std::error_code& error);

  /// All of them. `buffers` and what they point to stay until `done(error)` has been called.
  template <class Done>
  void write(const std::vector<asio::const_buffer>& buffers, Done done) {
    if (tls_) {
      asio::async_write(*tls_, buffers, std::move(done));
    } else {
      asio::async_write(socket_, buffers, std::move(done));
    }
  }

  [[nodiscard]] asio::any_io_executor executor() { return socket_.get_executor(); }

  /// Ends what runs with an error. Any number of times.
  void close() noexcept;

 private:
  using Socket = asio::generic::stream_protocol::socket;

  [[nodiscard]] asio::awaitable<void> connectTcp(const Address& address);
  void expectName(const std::string& name, bool verify);
  [[nodiscard]] asio::awaitable<void> startTls(const Settings& settings, const Address& address);

  Socket socket_;
  asio::ip::tcp::resolver resolver_;
  std::optional<asio::ssl::stream<Socket&>> tls_;
  bool closed_ = false;
};

}  // namespace persistance::backing::redis
