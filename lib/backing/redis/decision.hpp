#pragma once
/// @file
/// What to do after an attempt at a command. Decided here, without I/O; performed by the client.

#include <string>

#include "backing/redis/refusal.hpp"
#include "backing/redis/reply.hpp"
#include "backing/redis/server_error.hpp"

namespace persistance::backing::redis {

enum class Access { read, write };

/// What a command has been through so far.
struct Attempts {
  std::size_t redirects = 0;  ///< MOVED and ASK that it followed.
  std::size_t losses = 0;     ///< Connections that went after it was sent.
  bool sourceAvailable =
      false;  ///< It calls a script by its hash, and the source was not sent yet.
};

struct Situation {
  Access access = Access::read;
  bool cluster = false;    ///< Another node may serve the command.
  bool redirects = false;  ///< The server may say so.
  std::size_t redirectLimit = 0;
  std::string host;         ///< That answered.
  std::string_view secret;  ///< Never part of a detail.
  Attempts attempts;        ///< Before this one.
};

enum class Next {
  done,        ///< The reply is the result.
  fail,        ///< With `code` and `detail`.
  redirect,    ///< To `address`, which owns the slot.
  ask,         ///< To `address`, which serves it this once.
  retry,       ///< To whoever owns the slot by then.
  sendSource,  ///< To the same node, with the script's source.
};

struct Decision {
  Next next = Next::done;
  bool pause = false;                        ///< Before the next attempt.
  bool learn = false;                        ///< Ask the cluster who owns what.
  Attempts attempts{};                       ///< Including this one.
  BackingErrc code = BackingErrc::protocol;  ///< Also what to end with when there is no time left.
  std::string detail;
  Address address;
};

/// A read after which the connection went this often may be why it went.
inline constexpr std::size_t lossLimit = 3;

/// Every command of ours may be repeated while the server has not seen it. One that it may have
/// seen is repeated only where it reads: a repeated write could undo a later one.
[[nodiscard]] Decision decide(const Situation& situation, const Refusal& refusal);
[[nodiscard]] Decision decide(const Situation& situation, const Reply& reply);

}  // namespace persistance::backing::redis
