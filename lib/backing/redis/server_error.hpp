#pragma once
/// @file
/// What an error reply of the server means.

#include <cstdint>
#include <string>
#include <string_view>

#include <persistance/error.hpp>

#include "backing/redis/url.hpp"

namespace persistance::backing::redis {

/// What an error reply asks for. All but `final` were refused before anything was applied.
enum class ErrorKind : std::uint8_t {
  final,      ///< The operation failed; asking again would not help.
  moved,      ///< MOVED: another node owns the slot, from now on.
  ask,        ///< ASK: another node has this key, this once.
  busy,       ///< The same node will take it later.
  wrongNode,  ///< Another node will take it, once we know which.
  noScript,   ///< The same node will take it with the script's source.
};

struct ServerError {
  ErrorKind kind = ErrorKind::final;
  BackingErrc code = BackingErrc::protocol;
  Address address;  ///< Of moved and ask.
};

/// `host` is the one that answered: a redirect may leave the host out.
[[nodiscard]] ServerError readServerError(std::string_view text, const std::string& host);

/// The server is none that could be part of a cluster.
[[nodiscard]] bool saysNoCluster(std::string_view error);

/// `text` as it may stand in a message: printable, short, and without the secret.
[[nodiscard]] std::string quoted(std::string_view text, std::string_view secret);

}  // namespace persistance::backing::redis
