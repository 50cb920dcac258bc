#include "backing/redis/store.hpp"

#include "backing/redis/clear.hpp"
#include "backing/redis/command_writer.hpp"
#include "backing/redis/exchange.hpp"
#include "backing/redis/find.hpp"
#include "backing/redis/keys.hpp"
#include "backing/redis/mget.hpp"
#include "backing/redis/names.hpp"
#include "backing/redis/time_to_live.hpp"

namespace persistance::backing::redis {
namespace {

constexpr std::size_t headersSize = 40;  // what a small command has beside its name and value

std::string_view textOf(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

RedisStore::RedisStore(std::shared_ptr<Client> client, const std::string& storeId)
    : client_(std::move(client)),
      names_(namesOf(client_->settings().options.keyPrefix, storeId)),
      namesCrc_(crc16(names_)) {}

Clock::time_point RedisStore::deadline() const {
  return Clock::now() + client_->settings().options.deadline;
}

// The empty braces in front see to it that the whole name counts.
std::uint16_t RedisStore::slotOf(std::string_view key) const {
  if (!client_->slotsMatter()) return 0;
  return static_cast<std::uint16_t>(crc16(key, namesCrc_) % slotCount);
}

asio::awaitable<void> RedisStore::read(std::span<const std::string> keys, Sink& sink) {
  if (keys.size() == 1) return readOne(keys.front(), sink);
  return readMany(keys, sink);
}

asio::awaitable<void> RedisStore::readOne(const std::string& key, Sink& sink) {
  auto request = makeRequest(expects::bulk, oneArgument("*2\r\n$3\r\nGET\r\n", names_, key));
  return client_->run(std::move(request), Access::read, slotOf(key), &sink);
}

asio::awaitable<void> RedisStore::readMany(std::span<const std::string> keys, Sink& sink) {
  const auto until = deadline();
  const auto routing = co_await client_->routing(until);
  Mget mget(names_, keys, routing->cluster);
  co_await client_->run(mget.commands(), until);
  mget.hand(sink);
}

void RedisStore::checkSize(const Unknown& value) const {
  const std::size_t size = value.bytes().size();
  if (size <= client_->settings().options.valueLimit.bytes()) return;
  throw Failure(BackingErrc::tooLarge, "a value of " + std::to_string(size) + " bytes");
}

std::string RedisStore::setWire(const Entry& entry) const {
  checkSize(entry.value);
  const std::string_view value = textOf(entry.value.bytes());
  std::string wire;
  wire.reserve(names_.size() + entry.key.size() + value.size() + 2 * headersSize);
  CommandWriter writer(wire);
  writer.begin(entry.timeToLive ? 5 : 3);
  writer.add("SET");
  writer.add(names_, entry.key);
  writer.add(value);
  if (entry.timeToLive) {
    writer.add("PX");
    writer.add(textOf(*entry.timeToLive));
  }
  return wire;
}

asio::awaitable<void> RedisStore::write(std::span<Entry> entries) {
  if (entries.size() > 1) return writeMany(entries);
  const Entry& entry = entries.front();
  auto request = makeRequest(expects::status, setWire(entry));
  return client_->run(std::move(request), Access::write, slotOf(entry.key));
}

asio::awaitable<void> RedisStore::writeMany(std::span<Entry> entries) {
  std::vector<Command> commands;
  commands.reserve(entries.size());
  for (const Entry& entry : entries) {
    commands.emplace_back(expects::status, Access::write, slotOf(entry.key));
    commands.back().wire = setWire(entry);
  }
  co_await client_->run(commands, deadline());
}

asio::awaitable<void> RedisStore::remove(const std::string& key) {
  auto request = makeRequest(expects::integer, oneArgument("*2\r\n$6\r\nUNLINK\r\n", names_, key));
  return client_->run(std::move(request), Access::write, slotOf(key));
}

asio::awaitable<void> RedisStore::removeMany(std::span<const std::string> keys) {
  const auto until = deadline();
  const auto routing = co_await client_->routing(until);
  std::vector<Command> commands = removalOf(names_, keys, routing->cluster);
  co_await client_->run(commands, until);
}

asio::awaitable<void> RedisStore::exchange(Exchange& exchange) {
  if (exchange.expected) checkSize(*exchange.expected);
  if (exchange.desired) checkSize(*exchange.desired);
  return runExchange(exchange);
}

asio::awaitable<void> RedisStore::runExchange(Exchange& exchange) {
  Command command = exchangeCommand(names_, slotOf(exchange.key), exchange);
  co_await client_->run(std::span<Command>(&command, 1), deadline());
  exchange.done = command.reply.root.integer == 1;
}

asio::awaitable<void> RedisStore::find(const std::string& key, Sink& sink,
                                       std::optional<std::chrono::milliseconds>& timeToLive) {
  Command command = findCommand(names_, slotOf(key), key);
  co_await client_->run(std::span<Command>(&command, 1), deadline());
  timeToLive = handFound(command.reply, sink);
}

asio::awaitable<void> RedisStore::keys(const KeyQuery& query, KeyPage& page) {
  return redis::keys(client_, names_, query, page);
}

asio::awaitable<void> RedisStore::clear() { return redis::clear(client_, names_); }

}  // namespace persistance::backing::redis
