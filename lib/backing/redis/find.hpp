#pragma once
/// @file
/// A value and what is left of its time to live, read at one moment.

#include <chrono>
#include <optional>
#include <string_view>

#include <persistance/backing/store.hpp>

#include "backing/redis/command.hpp"

namespace persistance::backing::redis {

[[nodiscard]] Command findCommand(std::string_view names, std::uint16_t slot, std::string_view key);

/// Gives what was found to `sink`.
/// @par Returns  What is left of its time to live; nullopt: for ever, or nothing was found.
/// @par Errors   Failure: the reply is no such answer.
[[nodiscard]] std::optional<std::chrono::milliseconds> handFound(const Reply& reply, Sink& sink);

}  // namespace persistance::backing::redis
