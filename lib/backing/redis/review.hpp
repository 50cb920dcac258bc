#pragma once
/// @file
/// What became of one round of attempts.

#include <optional>
#include <span>
#include <vector>

#include "backing/redis/command.hpp"

namespace persistance::backing::redis {

/// A command that is to be sent again.
struct Retry {
  Command* command;
  Decision decision;

  Retry(Command* command_, Decision decision_)
      : command(command_), decision(std::move(decision_)) {}
};

struct Review {
  std::vector<Retry> again;
  std::optional<Refusal> failure;  ///< The first; then nothing is sent again.
  bool pause = false;              ///< Before the next round.
  bool learn = false;              ///< Ask the cluster who owns what.
};

/// Decides on each command, whose request is finished: gives those that are done their replies, and
/// prepares the others for their next attempt.
[[nodiscard]] Review review(std::span<Command* const> commands, const Settings& settings,
                            const Routing& routing);

}  // namespace persistance::backing::redis
