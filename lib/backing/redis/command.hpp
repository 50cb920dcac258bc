#pragma once
/// @file
/// One command on its way to whoever owns its keys.

#include <string>

#include "backing/redis/decision.hpp"
#include "backing/redis/request.hpp"
#include "backing/redis/routing.hpp"
#include "backing/redis/script.hpp"

namespace persistance::backing::redis {

/// One command about one key, or several keys of one slot: what it says, where it is to go, what it
/// has been through, and the request that carries it now.
struct Command {
  std::string wire;
  char expected = expects::bulk;
  Access access = Access::read;
  std::uint16_t slot = 0;
  const Script* script = nullptr;  ///< That `wire` calls by its hash.

  NodePtr target;             ///< Null: whoever owns the slot.
  bool asking = false;        ///< `target` serves it this once.
  bool pinned = false;        ///< Only `target` can serve it.
  bool primary = false;       ///< Not to be read from a replica.
  bool errorIsReply = false;  ///< Whatever the server says is the result.
  Attempts attempts;

  RequestPtr request;
  NodePtr node;            ///< That `request` went to.
  std::size_t answer = 0;  ///< Which of the request's replies is its own.
  Reply reply;             ///< Once the command is done; no error, but for `errorIsReply`.

  Command() = default;
  Command(char expected_, Access access_, std::uint16_t slot_)
      : expected(expected_), access(access_), slot(slot_) {}
  Command(Command&&) = default;
  Command& operator=(Command&&) = default;
  // Also when the coroutine is cancelled or destroyed: what is not sent yet need not be.
  ~Command() {
    if (request) request->abandoned = true;
  }
};

}  // namespace persistance::backing::redis
