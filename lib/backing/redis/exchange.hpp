#pragma once
/// @file
/// Compare and set, as one script: so nobody comes between the two.

#include <string_view>

#include <persistance/backing/store.hpp>

#include "backing/redis/command.hpp"

namespace persistance::backing::redis {

/// To be answered with 1 where it was as expected, and is as desired; else with 0.
[[nodiscard]] Command exchangeCommand(std::string_view names, std::uint16_t slot,
                                      const Exchange& exchange);

}  // namespace persistance::backing::redis
