#include "backing/redis/exchange.hpp"

#include "backing/redis/command_writer.hpp"
#include "backing/redis/time_to_live.hpp"

namespace persistance::backing::redis {
namespace {

/// Errors come back as the server's own: those of a call that throws have other words in front.
const Script& compareAndSet() {
  static const Script script(
      "local now = redis.pcall('GET', KEYS[1]) "
      "if type(now) == 'table' then return now end "
      "if now ~= (ARGV[1] == '1' and ARGV[2]) then return 0 end "
      "local done "
      "if ARGV[3] == '0' then done = redis.pcall('UNLINK', KEYS[1]) "
      "elseif ARGV[5] == '0' then done = redis.pcall('SET', KEYS[1], ARGV[4]) "
      "else done = redis.pcall('SET', KEYS[1], ARGV[4], 'PX', ARGV[5]) end "
      "if type(done) == 'table' and done['err'] then return done end "
      "return 1",
      5);
  return script;
}

/// Whether there is a value, and the value.
void add(CommandWriter& writer, const std::optional<Unknown>& value) {
  writer.add(value ? "1" : "0");
  const std::span<const std::byte> bytes = value ? value->bytes() : std::span<const std::byte>();
  writer.add(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

}  // namespace

Command exchangeCommand(std::string_view names, std::uint16_t slot, const Exchange& exchange) {
  Command command(expects::integer, Access::write, slot);
  command.script = &compareAndSet();
  command.attempts.sourceAvailable = true;
  command.wire = command.script->call();
  CommandWriter writer(command.wire);
  writer.add(names, exchange.key);
  add(writer, exchange.expected);
  add(writer, exchange.desired);
  writer.add(exchange.timeToLive ? textOf(*exchange.timeToLive) : "0");
  return command;
}

}  // namespace persistance::backing::redis
