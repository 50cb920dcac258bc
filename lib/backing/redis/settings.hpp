#pragma once
/// @file
/// The options, checked once and taken apart.

#include <memory>

#include <persistance/backing/redis.hpp>

#include "backing/redis/net.hpp"
#include "backing/redis/url.hpp"

namespace persistance::backing::redis {

struct Settings {
  RedisOptions options;
  std::vector<Address> addresses;
  std::string user;
  std::string password;
  unsigned database = 0;
  std::unique_ptr<asio::ssl::context> tls;  ///< Null: plain.

  /// @par Errors  std::invalid_argument: an option makes no sense, or a certificate cannot be read.
  explicit Settings(RedisOptions options);

  [[nodiscard]] bool allows(const Address& address) const;
};

}  // namespace persistance::backing::redis
