#pragma once
/// @file
/// What a new connection says first, and what the answers mean.

#include <optional>
#include <string>

#include "backing/redis/membership.hpp"
#include "backing/redis/refusal.hpp"
#include "backing/redis/reply.hpp"
#include "backing/redis/settings.hpp"

namespace persistance::backing::redis {

/// AUTH, SELECT and READONLY where they are needed, and PING: the answer to that shows that the
/// server serves, and is not only listening. In a cluster also CLUSTER SLOTS: who does not know the
/// others is not the one who was there before. Never HELLO: hiredis 0.14 reads RESP2 alone.
class Greeting {
 public:
  Greeting(const Settings& settings, const Membership& membership);

  /// All commands, to be written at once.
  [[nodiscard]] const std::string& wire() const noexcept { return wire_; }

  /// Takes the next reply. Nothing may be asked before done().
  /// @par Returns  Why the server cannot be used; nullopt: it can, so far.
  [[nodiscard]] std::optional<Refusal> answer(const Reply& reply);

  [[nodiscard]] bool done() const noexcept { return answered_ == commands_.size(); }

 private:
  [[nodiscard]] std::optional<Refusal> member(const Reply& reply) const;

  const Settings& settings_;
  const Membership& membership_;
  std::string wire_;
  std::vector<std::string> commands_;
  std::size_t answered_ = 0;
};

}  // namespace persistance::backing::redis
