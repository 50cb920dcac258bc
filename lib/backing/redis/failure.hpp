#pragma once
/// @file
/// What went wrong with a request, and what an error reply of the server means.

#include <cstdint>
#include <string>
#include <string_view>

#include <persistance/error.hpp>

#include "backing/redis/url.hpp"

namespace persistance::redis {

/// Why a request has no reply.
struct Refusal {
  BackingErrc code = BackingErrc::unavailable;
  /// Whether any byte of it may have reached the server: then it may have been applied.
  bool sent = false;
  std::string detail;

  Refusal() = default;
  Refusal(BackingErrc code_, bool sent_, std::string detail_)
      : code(code_), sent(sent_), detail(std::move(detail_)) {}
};

/// What an error reply asks for. All but `final` were refused before anything was applied.
enum class ErrorKind : std::uint8_t {
  final,    ///< The operation failed; asking again would not help.
  moved,    ///< MOVED: another node owns the slot, from now on.
  ask,      ///< ASK: another node has this key, this once.
  later,    ///< The same node will take it later.
  refresh,  ///< Another node will take it, once we know which.
  unknown,  ///< The same node will take it with the script's source.
};

struct ServerError {
  ErrorKind kind = ErrorKind::final;
  BackingErrc code = BackingErrc::protocol;
  Address address;  ///< Of moved and ask.
};

/// `host` is the one that answered: a redirect may leave the host out.
[[nodiscard]] ServerError readServerError(std::string_view text, const std::string& host);

/// `text` as it may stand in a message: printable, short, and without the secret.
[[nodiscard]] std::string quoted(std::string_view text, std::string_view secret);

}  // namespace persistance::redis
