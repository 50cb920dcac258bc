#pragma once
/// @file
/// A position as text, for those who go on later.
///
///     position := covered "/" leaving [ "/" scan [ "/" part ] ]
///     scan     := process "/" abroad "/" slots "/" leaving "/" cursor
///     part     := end "/" last
///
/// Sets of slots are as in slot_set.hpp, `abroad` is 0 or 1, cursors are decimal, and `process` and
/// `last` hexadecimal: so it is printable whatever it holds.

#include <optional>
#include <string>
#include <string_view>

#include "backing/redis/position.hpp"

namespace persistance::backing::redis {

[[nodiscard]] std::string writePosition(const Position& position);

/// nullopt: writePosition() never wrote this.
[[nodiscard]] std::optional<Position> readPosition(std::string_view text);

}  // namespace persistance::backing::redis
