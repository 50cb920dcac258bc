#pragma once
/// @file
/// Which connection each command takes.

#include <atomic>
#include <span>

#include "backing/redis/command.hpp"

namespace persistance::backing::redis {

/// The node for the next attempt; null: no node serves the slot. `turn` spreads reads over replicas.
[[nodiscard]] NodePtr nodeFor(const Command& command, const Routing& routing,
                              const RedisOptions& options, std::atomic<unsigned>& turn);

/// Submits all: those for one connection in one request. Afterwards each command has its request.
void dispatch(std::span<Command* const> commands, const Routing& routing,
              const RedisOptions& options, std::atomic<unsigned>& turn,
              const asio::any_io_executor& executor, Clock::time_point deadline);

/// Whether as many replicas as were asked for have what the request wrote; also where it wrote
/// nothing, or did not ask.
[[nodiscard]] bool replicated(const Request& request, const RedisOptions& options);

}  // namespace persistance::backing::redis
