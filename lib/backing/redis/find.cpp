#include "backing/redis/find.hpp"

#include <algorithm>

#include "backing/redis/command_writer.hpp"

namespace persistance::backing::redis {
namespace {

/// Two commands in a row would not do: the value may be another one by the second.
const Script& valueAndTimeToLive() {
  static const Script script(
      "local value = redis.pcall('GET', KEYS[1]) "
      "if type(value) == 'table' then return value end "
      "return {value, redis.call('PTTL', KEYS[1])}",
      0);
  return script;
}

}  // namespace

Command findCommand(std::string_view names, std::uint16_t slot, std::string_view key) {
  Command command(expects::array, Access::read, slot);
  command.script = &valueAndTimeToLive();
  command.attempts.sourceAvailable = true;
  command.wire = command.script->call();
  CommandWriter(command.wire).add(names, key);
  return command;
}

std::optional<std::chrono::milliseconds> handFound(const Reply& reply, Sink& sink) {
  const bool shaped = reply.items.size() == 2 && reply.items[1].kind == ReplyKind::integer;
  if (shaped && reply.items[0].kind == ReplyKind::nil) return std::nullopt;
  if (!shaped || reply.items[0].kind != ReplyKind::bulk) {
    throw Failure(BackingErrc::protocol, "a script was answered with no value and time to live");
  }
  sink.found(0, std::as_bytes(std::span(reply.text(reply.items[0]))));
  const std::int64_t left = reply.items[1].integer;
  if (left < 0) return std::nullopt;
  return std::chrono::milliseconds(std::max<std::int64_t>(left, 1));
}

}  // namespace persistance::backing::redis
