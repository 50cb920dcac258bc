#include "server.hpp"

#include <iostream>
#include <vector>

#include <restinio/http_server.hpp>

#include "requests.hpp"
#include "routes.hpp"

namespace profile_server {
namespace {

struct Traits : restinio::default_single_thread_traits_t {
  static constexpr bool use_connection_count_limiter = true;
};
using HttpServer = restinio::http_server_t<Traits>;

// A body over the routes' own limit is refused with a 413; one over this one is not even read to
// its end. Connections are bounded below the usual limit of file descriptors, because a failed
// accept would be RESTinio's last.
constexpr std::uint64_t maxBodyRead = 1024 * 1024;
constexpr std::size_t maxUrl = std::size_t{64} * 1024;
constexpr std::size_t maxConnections = 900;

restinio::server_settings_t<Traits> settings(const ServerConfig& config,
                                             restinio::default_request_handler_t handler,
                                             std::uint16_t& port) {
  restinio::server_settings_t<Traits> settings;
  settings.address(config.address)
      .port(config.port)
      .max_parallel_connections(maxConnections)
      .incoming_http_msg_limits(
          restinio::incoming_http_msg_limits_t().max_url_size(maxUrl).max_body_size(maxBodyRead))
      .acceptor_post_bind_hook(
          [&port](asio::ip::tcp::acceptor& acceptor) { port = acceptor.local_endpoint().port(); })
      .request_handler(std::move(handler));
  return settings;
}

void open(HttpServer& server, const ServerConfig& config) {
  try {
    server.open_sync();
  } catch (const std::system_error& e) {
    throw std::runtime_error("cannot listen on " + config.address + ":" +
                             std::to_string(config.port) + ": " + e.code().message());
  }
}

/// Holds a closed server for as long as its context lives: idle connections that the context destroys at
/// its own end still count themselves out of the server's limit.
class ClosedServers final : public asio::execution_context::service {
 public:
  using key_type = ClosedServers;
  inline static asio::execution_context::id id;

  using asio::execution_context::service::service;

  std::vector<std::shared_ptr<HttpServer>> servers;

 private:
  void shutdown() noexcept override {}
};

asio::awaitable<void> close(std::shared_ptr<HttpServer> server, std::shared_ptr<Requests> requests,
                            std::chrono::seconds deadline) {
  server->close_sync();
  asio::use_service<ClosedServers>(server->io_context()).servers.push_back(server);
  const std::size_t late = co_await requests->drain(deadline);
  if (late != 0) {
    std::cerr << "profile_server: " << late
              << " requests did not end within the shutdown deadline\n";
  }
}

asio::awaitable<std::shared_ptr<Listener>> listen(const ServerConfig& config,
                                                  const Profiles& profiles, layer::Scope& scope) {
  const auto executor = co_await asio::this_coro::executor;
  auto& context = static_cast<asio::io_context&>(executor.context());
  auto requests = std::make_shared<Requests>(context.get_executor());
  std::uint16_t port = 0;
  auto server = std::make_shared<HttpServer>(restinio::external_io_context(context),
                                             settings(config, routes(requests, profiles), port));
  open(*server, config);
  auto release = [server, requests, deadline = config.shutdownDeadline] {
    return close(server, requests, deadline);
  };
  scope.addFinalizer(release);
  auto listener =
      std::make_shared<Listener>("http://" + config.address + ":" + std::to_string(port));
  std::cout << "listening on " << listener->url << std::endl;
  co_return listener;
}

}  // namespace

const layer::Layer<layer::Requires<ServerConfig, Profiles>, layer::Provides<Listener>> serverLayer =
    layer::scoped<Listener>(listen);

}  // namespace profile_server
