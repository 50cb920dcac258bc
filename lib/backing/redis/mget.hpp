#pragma once
/// @file
/// Many keys in few commands.

#include <persistance/backing/store.hpp>

#include "backing/redis/command.hpp"

namespace persistance::backing::redis {

/// One MGET for each slot in a cluster, else as few as the keys fit into.
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
  /// The places of the keys that one command asks for.
  using Places = std::vector<std::size_t>;

  void add(std::string_view names, std::span<const std::string> keys, std::uint16_t slot,
           Places places);

  std::vector<Places> places_;  // for each of commands_
  std::vector<Command> commands_;
};

}  // namespace persistance::backing::redis
