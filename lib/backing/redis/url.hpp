#pragma once
/// @file
/// Where a server is, and as whom to speak to it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace persistance::backing::redis {

/// One server's place. Cluster nodes are told by host and port; a unix socket has a path only.
struct Address {
  std::string host;
  std::uint16_t port = 0;
  std::string path;

  Address() = default;
  Address(std::string host_, std::uint16_t port_) : host(std::move(host_)), port(port_) {}
  explicit Address(std::string path_) : path(std::move(path_)) {}

  /// For messages and as a key: "host:port", "[::1]:port" or the path.
  [[nodiscard]] std::string name() const;
  friend bool operator==(const Address&, const Address&) = default;
};

/// What one URL says.
struct Url {
  Address address;
  bool tls = false;
  std::string user;
  std::string password;
  unsigned database = 0;
};

/// @par Errors  std::invalid_argument, which says what is wrong and never repeats the URL.
[[nodiscard]] Url parseUrl(std::string_view text);

/// Parses all; they agree on TLS, credentials and database, or are silent on them.
[[nodiscard]] std::vector<Url> parseUrls(const std::vector<std::string>& texts);

/// "host:port" as MOVED and ASK write it: the last colon divides; an empty host or "?" is
/// `sameHost`. False where it is no address.
[[nodiscard]] bool parseAddress(std::string_view text, const std::string& sameHost, Address& out);

}  // namespace persistance::backing::redis
