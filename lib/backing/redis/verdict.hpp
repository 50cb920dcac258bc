#pragma once
/// @file
/// What to do after an attempt. Decided here, performed by the client.

#include <optional>
#include <string>

#include "backing/redis/failure.hpp"
#include "backing/redis/reply.hpp"

namespace persistance::redis {

enum class Access { read, write };

enum class Step {
  done,       ///< The reply is the result.
  fail,       ///< With `code` and `detail`.
  moved,      ///< To `address`, and learn the slots anew.
  ask,        ///< To `address`, this once.
  again,      ///< After a pause.
  spellOut,   ///< At once, to the same node, with the script's source.
  elsewhere,  ///< After a pause, and learn the slots anew.
};

struct Verdict {
  Step step = Step::done;
  BackingErrc code = BackingErrc::protocol;  ///< Also what to end with when there is no time left.
  std::string detail;
  Address address;
};

struct Situation {
  Access access = Access::read;
  bool cluster = false;
  std::string host;         ///< That answered.
  std::string_view secret;  ///< Never part of a detail.
};

/// Every command of ours may be repeated while the server has not seen it. One that it may have
/// seen is repeated only where it reads: a repeated write could undo a later one.
[[nodiscard]] Verdict judge(const Situation& situation, const Refusal& refusal);
[[nodiscard]] Verdict judge(const Situation& situation, const Reply& reply);

}  // namespace persistance::redis
