#include "backing/redis/stream.hpp"

#include <asio/ssl/host_name_verification.hpp>

namespace persistance::redis {

Stream::Stream(const asio::any_io_executor& executor) : socket_(executor), resolver_(executor) {}

asio::awaitable<void> Stream::connect(const Settings& settings, const Address& address) {
  if (!address.path.empty()) {
    const asio::generic::stream_protocol::endpoint endpoint =
        asio::local::stream_protocol::endpoint(address.path);
    co_await socket_.async_connect(endpoint, asio::use_awaitable);
  } else {
    co_await connectTcp(address);
    socket_.set_option(asio::ip::tcp::no_delay(true));
    socket_.set_option(asio::socket_base::keep_alive(true));
  }
  if (settings.tls) co_await startTls(settings, address);
  if (closed_) throw std::system_error(asio::error::operation_aborted);
}

asio::awaitable<void> Stream::connectTcp(const Address& address) {
  // A numeric address needs no resolver, whose threads cannot be interrupted.
  std::vector<asio::ip::tcp::endpoint> endpoints;
  std::error_code notNumeric;
  const auto numeric = asio::ip::make_address(address.host, notNumeric);
  if (!notNumeric) {
    endpoints.emplace_back(numeric, address.port);
  } else {
    const auto found = co_await resolver_.async_resolve(address.host, std::to_string(address.port),
                                                        asio::use_awaitable);
    for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  }
  std::error_code error = asio::error::host_not_found;
  for (const asio::ip::tcp::endpoint& endpoint : endpoints) {
    if (closed_) throw std::system_error(asio::error::operation_aborted);
    std::error_code ignored;
    socket_.close(ignored);
    const asio::generic::stream_protocol::endpoint generic = endpoint;
    co_await socket_.async_connect(generic, asio::redirect_error(asio::use_awaitable, error));
    if (!error) co_return;
  }
  throw std::system_error(error);
}

asio::awaitable<void> Stream::startTls(const Settings& settings, const Address& address) {
  const std::string& name =
      settings.options.tls.serverName.empty() ? address.host : settings.options.tls.serverName;
  tls_.emplace(socket_, *settings.tls);
  if (settings.options.tls.verifyPeer) {
    tls_->set_verify_callback(asio::ssl::host_name_verification(name));
  }
  SSL_set_tlsext_host_name(tls_->native_handle(), name.c_str());
  co_await tls_->async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
}

asio::awaitable<std::size_t> Stream::readSome(std::span<char> into, std::error_code& error) {
  const auto buffer = asio::buffer(into.data(), into.size());
  if (tls_) {
    return tls_->async_read_some(buffer, asio::redirect_error(asio::use_awaitable, error));
  }
  return socket_.async_read_some(buffer, asio::redirect_error(asio::use_awaitable, error));
}

void Stream::close() noexcept {
  closed_ = true;
  resolver_.cancel();
  std::error_code ignored;
  socket_.close(ignored);
}

}  // namespace persistance::redis
