#pragma once
/// @file
/// Removes all entries of one store.

#include <memory>
#include <string>

#include "backing/redis/client.hpp"

namespace persistance::backing::redis {

/// Removes every key that begins with `names`, within clearDeadline.
[[nodiscard]] asio::awaitable<void> clear(std::shared_ptr<Client> client, std::string names);

}  // namespace persistance::backing::redis
