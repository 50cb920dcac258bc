#include "backing/redis/greeting.hpp"

#include "backing/redis/command_writer.hpp"
#include "backing/redis/reply_reader.hpp"
#include "backing/redis/server_error.hpp"

namespace persistance::backing::redis {

Greeting::Greeting(const Settings& settings, const Membership& membership)
    : settings_(settings), membership_(membership) {
  CommandWriter writer(wire_);
  if (!settings.password.empty()) {
    commands_.push_back("AUTH");
    if (settings.user.empty()) {
      writer.command("AUTH", settings.password);
    } else {
      writer.command("AUTH", settings.user, settings.password);
    }
  }
  if (settings.database != 0) {
    commands_.push_back("SELECT");
    writer.command("SELECT", std::to_string(settings.database));
  }
  if (settings.options.replicaReads) {
    commands_.push_back("READONLY");
    writer.command("READONLY");
  }
  if (membership.cluster()) {
    commands_.push_back("CLUSTER");
    writer.command("CLUSTER", "SLOTS");
  }
  commands_.push_back("PING");
  writer.command("PING");
}

std::optional<Refusal> Greeting::member(const Reply& reply) const {
  try {
    if (membership_.accepts(readSlots(reply, {}))) return std::nullopt;
    return Refusal(BackingErrc::unavailable, false, "is no node of the cluster that was there");
  } catch (const ProtocolError& error) {
    return Refusal(BackingErrc::protocol, false, error.what());
  }
}

std::optional<Refusal> Greeting::answer(const Reply& reply) {
  const std::string& command = commands_[answered_++];
  if (reply.kind() == ReplyKind::status) return std::nullopt;
  if (command == "CLUSTER" && reply.kind() == ReplyKind::array) return member(reply);
  if (reply.kind() != ReplyKind::error) {
    return Refusal(BackingErrc::protocol, false, command + " was answered with no status");
  }
  const std::string_view text = reply.text();
  // A user without the right to PING is a user all the same; and a server that is no cluster has
  // no replicas to be read-only for.
  if (command == "PING" && text.starts_with("NOPERM")) return std::nullopt;
  if (command == "READONLY" && text.starts_with("ERR")) return std::nullopt;
  const ServerError error = readServerError(text, {});
  if (command == "CLUSTER" && saysNoCluster(text)) {
    return Refusal(BackingErrc::unavailable, false, "is no node of a cluster any more");
  }
  // Of an answer to AUTH only the first word: some servers repeat what they were told.
  const std::string_view said = command == "AUTH" ? text.substr(0, text.find(' ')) : text;
  const bool credentials = command == "AUTH" && error.kind == ErrorKind::final;
  return Refusal(credentials ? BackingErrc::authFailed : error.code, false,
                 command + ": " + quoted(said, settings_.password));
}

}  // namespace persistance::backing::redis
