#pragma once
/// @file
/// The HTTP server as a layer: it listens as long as the layer is built.

#include <chrono>
#include <cstdint>
#include <string>

#include "profiles.hpp"

namespace profile_server {

/// Where to listen, and how to stop.
struct ServerConfig {
  static constexpr layer::TypeId typeId{"@profile-server/ServerConfig"};

  ServerConfig(std::string address_, std::uint16_t port_, std::chrono::seconds shutdownDeadline_)
      : address(std::move(address_)), port(port_), shutdownDeadline(shutdownDeadline_) {}

  std::string address;
  std::uint16_t port;
  std::chrono::seconds shutdownDeadline;
};

/// The address that is being listened on.
struct Listener {
  static constexpr layer::TypeId typeId{"@profile-server/Listener"};

  explicit Listener(std::string url_) : url(std::move(url_)) {}

  std::string url;
};

/// Listens from build to release; the release stops accepting and lets what runs finish.
extern const layer::Layer<layer::Requires<ServerConfig, Profiles>, layer::Provides<Listener>>
    serverLayer;

}  // namespace profile_server
