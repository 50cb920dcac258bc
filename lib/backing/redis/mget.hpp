#pragma once
/// @file
/// Many keys read in few commands.

#include <persistance/backing/store.hpp>

#include "backing/redis/command.hpp"
#include "backing/redis/pieces.hpp"

namespace persistance::backing::redis {

/// One MGET for each piece.
class Mget {
 public:
  /// The names are `names` with each of `keys` behind it.
  Mget(std::string_view names, std::span<const std::string> keys, bool cluster);

  /// To be run before hand().
  [[nodiscard]] std::span<Command> commands() noexcept { return commands_; }

  /// Gives what was found to `sink`, in the places of `keys`.
  /// @par Errors  Failure: a reply is no list of as many values.
  void hand(Sink& sink) const;

 private:
  const std::vector<Piece> pieces_;
  std::vector<Command> commands_;  // for each of pieces_
};

}  // namespace persistance::backing::redis
