#pragma once
/// @file
/// From nothing to a server that serves: one attempt to connect.

#include <optional>

#include "backing/redis/channel.hpp"
#include "backing/redis/membership.hpp"
#include "backing/redis/refusal.hpp"

namespace persistance::backing::redis {

/// Connects `channel` to `address` and greets the server, within connectTimeout. Closing the
/// channel's stream ends it early.
/// @par Returns  Why the server cannot be used; nullopt: it can.
[[nodiscard]] asio::awaitable<std::optional<Refusal>> dial(
    ChannelPtr channel, std::shared_ptr<const Settings> settings,
    std::shared_ptr<const Membership> membership, Address address);

}  // namespace persistance::backing::redis
