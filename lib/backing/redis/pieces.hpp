#pragma once
/// @file
/// Which keys travel in one command.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backing/redis/command.hpp"
#include "backing/redis/command_writer.hpp"
#include "backing/redis/slot.hpp"

namespace persistance::backing::redis {

/// Keys of one slot in a cluster, any keys else; no more of them than a server answers without
/// holding up others.
struct Piece {
  std::uint16_t slot = 0;
  std::vector<std::size_t> places;  ///< Of its keys among all.
};

/// The names are `names` with each of `keys` behind it. Each key is in one piece.
[[nodiscard]] std::vector<Piece> piecesOf(std::string_view names, std::span<const std::string> keys,
                                          bool cluster);

/// `command` with the names of a piece.
void write(CommandWriter writer, std::string_view command, std::string_view names,
           std::span<const std::string> keys, const Piece& piece);

/// What removes them all.
[[nodiscard]] std::vector<Command> removalOf(std::string_view names,
                                             std::span<const std::string> keys, bool cluster);

}  // namespace persistance::backing::redis
