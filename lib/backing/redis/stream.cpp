#include "backing/redis/stream.hpp"

#include <persistance/backing/store.hpp>

namespace persistance::backing::redis {

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

/// The name that the certificate has to have; an address counts as one, and is never sent as SNI.
void Stream::expectName(const std::string& name, bool verify) {
  SSL* const ssl = tls_->native_handle();
  std::error_code notNumeric;
  const bool numeric = (asio::ip::make_address(name, notNumeric), !notNumeric);
  if (!numeric) SSL_set_tlsext_host_name(ssl, name.c_str());
  if (!verify) return;
  const int known = numeric ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str())
                            : SSL_set1_host(ssl, name.c_str());
  if (known != 1) throw backing::Failure(BackingErrc::authFailed, "TLS: no name to verify");
}

asio::awaitable<void> Stream::startTls(const Settings& settings, const Address& address) {
  const RedisTls& options = settings.options.tls;
  tls_.emplace(socket_, *settings.tls);
  expectName(options.serverName.empty() ? address.host : options.serverName, options.verifyPeer);
  std::error_code error;
  co_await tls_->async_handshake(asio::ssl::stream_base::client,
                                 asio::redirect_error(asio::use_awaitable, error));
  if (!error) co_return;
  // Why a certificate was not believed is kept apart from the error, which says only that.
  const long found = SSL_get_verify_result(tls_->native_handle());
  if (options.verifyPeer && found != X509_V_OK) {
    throw backing::Failure(BackingErrc::authFailed, std::string("TLS: the server's certificate: ") +
                                                        X509_verify_cert_error_string(found));
  }
  throw std::system_error(error);
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

}  // namespace persistance::backing::redis
