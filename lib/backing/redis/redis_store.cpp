#include "backing/redis/redis_store.hpp"

#include <algorithm>
#include <map>

#include "backing/redis/command.hpp"
#include "backing/redis/key.hpp"

namespace persistance::redis {
namespace {

using backing::Failure;

constexpr std::size_t keysPerCommand = 4096;
constexpr std::size_t headersSize = 40;  // what a small command has beside its name and value
constexpr std::string_view keysPerScan = "1000";
/// More is for ever: Redis refuses what does not fit into its 64 bits of milliseconds since 1970.
constexpr std::int64_t maxTimeToLive = 1'000'000'000'000'000;

std::span<const std::byte> bytesOf(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string_view textOf(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The places of `keys` that one MGET asks for.
using Places = std::vector<std::size_t>;

}  // namespace

RedisStore::RedisStore(std::shared_ptr<Client> client, const std::string& storeId)
    : client_(std::move(client)),
      names_(namesOf(client_->settings().options.keyPrefix, storeId)),
      namesCrc_(crc16(names_)) {}

Clock::time_point RedisStore::deadline() const {
  return Clock::now() + client_->settings().options.operationTimeout;
}

// The empty braces in front see to it that the whole name counts.
std::uint16_t RedisStore::slotOf(std::string_view key) const {
  return static_cast<std::uint16_t>(crc16(key, namesCrc_) % slotCount);
}

asio::awaitable<void> RedisStore::read(std::span<const std::string> keys, backing::Sink& sink) {
  if (keys.size() == 1) return readOne(keys.front(), sink);
  return readMany(keys, sink);
}

asio::awaitable<void> RedisStore::readOne(const std::string& key, backing::Sink& sink) {
  auto request = std::make_shared<Request>(expects::bulk);
  request->wire.reserve(names_.size() + key.size() + headersSize);
  CommandWriter writer(request->wire);
  writer.start("*2\r\n$3\r\nGET\r\n");
  writer.add(names_, key);
  return client_->run(std::move(request), Access::read, slotOf(key), &sink);
}

asio::awaitable<void> RedisStore::readMany(std::span<const std::string> keys, backing::Sink& sink) {
  const auto until = deadline();
  const auto routing = co_await client_->routing(until);
  std::vector<Places> groups;
  if (routing->cluster) {
    std::map<unsigned, Places> bySlot;
    for (std::size_t i = 0; i < keys.size(); ++i) bySlot[slotOf(keys[i])].push_back(i);
    for (auto& [slot, places] : bySlot) groups.push_back(std::move(places));
  } else {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i % keysPerCommand == 0) groups.emplace_back();
      groups.back().push_back(i);
    }
  }
  std::vector<Command> commands(groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    CommandWriter writer(commands[g].wire);
    writer.begin(groups[g].size() + 1);
    writer.add("MGET");
    for (const std::size_t place : groups[g]) writer.add(names_, keys[place]);
    commands[g].slot = slotOf(keys[groups[g].front()]);
    commands[g].expected = expects::array;
  }
  co_await client_->run(commands, until);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Reply& reply = commands[g].reply;
    if (reply.items.size() != groups[g].size()) {
      throw Failure(BackingErrc::protocol, "MGET was answered with another number of values");
    }
    for (std::size_t i = 0; i < groups[g].size(); ++i) {
      const ReplyItem& item = reply.items[i];
      if (item.kind == ReplyKind::nil) continue;
      if (item.kind != ReplyKind::bulk) {
        throw Failure(BackingErrc::protocol, "MGET was answered with something that is no value");
      }
      sink.found(groups[g][i], bytesOf(reply.text(item)));
    }
  }
}

void RedisStore::writeSet(std::string& wire, const backing::Entry& entry) const {
  const std::string_view value = textOf(entry.value.bytes());
  if (value.size() > client_->settings().options.maxValueSize) {
    throw Failure(BackingErrc::tooLarge, "a value of " + std::to_string(value.size()) + " bytes");
  }
  wire.reserve(names_.size() + entry.key.size() + value.size() + 2 * headersSize);
  CommandWriter writer(wire);
  writer.begin(entry.timeToLive ? 5 : 3);
  writer.add("SET");
  writer.add(names_, entry.key);
  writer.add(value);
  if (entry.timeToLive) {
    writer.add("PX");
    writer.add(std::to_string(std::min<std::int64_t>(entry.timeToLive->count(), maxTimeToLive)));
  }
}

asio::awaitable<void> RedisStore::write(std::span<backing::Entry> entries) {
  if (entries.size() > 1) return writeMany(entries);
  auto request = std::make_shared<Request>(expects::status);
  writeSet(request->wire, entries.front());
  return client_->run(std::move(request), Access::write, slotOf(entries.front().key));
}

asio::awaitable<void> RedisStore::writeMany(std::span<backing::Entry> entries) {
  std::vector<Command> commands(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    writeSet(commands[i].wire, entries[i]);
    commands[i].expected = expects::status;
    commands[i].access = Access::write;
    commands[i].slot = slotOf(entries[i].key);
  }
  co_await client_->run(commands, deadline());
}

asio::awaitable<void> RedisStore::remove(const std::string& key) {
  auto request = std::make_shared<Request>(expects::integer);
  CommandWriter writer(request->wire);
  writer.begin(2);
  writer.add("UNLINK");
  writer.add(names_, key);
  return client_->run(std::move(request), Access::write, slotOf(key));
}

asio::awaitable<void> RedisStore::removeIfUnchanged(const std::string& key,
                                                    std::span<const std::byte> bytes) {
  static const Script script(
      "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('UNLINK', KEYS[1]) end "
      "return 0");
  Command command;
  command.wire = script.call();
  CommandWriter writer(command.wire);
  writer.add(names_, key);
  writer.add(textOf(bytes));
  command.script = &script;
  command.expected = expects::integer;
  command.access = Access::write;
  command.slot = slotOf(key);
  co_await client_->run(std::span<Command>(&command, 1), deadline());
}

/// In a cluster keys may walk from a node that is still to be scanned to one that has been: so it
/// is done again until there was nothing left to remove.
asio::awaitable<void> RedisStore::clear() {
  const auto until = Clock::now() + client_->settings().options.clearTimeout;
  constexpr int passes = 4;
  for (int pass = 0; pass < passes;) {
    const auto routing = co_await client_->routing(until);
    std::exception_ptr failure;
    std::size_t removed = 0;
    try {
      removed = co_await clearOnce(routing, until);
    } catch (const Failure& error) {
      // A primary that went takes the cursor with it; its successor is scanned from the start.
      if (!routing->cluster || error.code() != BackingErrc::unavailable) throw;
      failure = std::current_exception();
    }
    if (!failure) {
      ++pass;
      if (removed == 0 || !routing->cluster) co_return;
      continue;
    }
    if (Clock::now() + std::chrono::milliseconds(100) >= until) std::rethrow_exception(failure);
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(100));
    co_await timer.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<std::size_t> RedisStore::clearOnce(std::shared_ptr<const Routing> routing,
                                                   Clock::time_point deadline) {
  std::size_t removed = 0;
  for (const Routing::Shard& shard : routing->shards) {
    std::string cursor = "0";
    do {
      cursor = co_await clearStep(shard.primary, routing->cluster, cursor, removed, deadline);
      if (Clock::now() >= deadline) throw Failure(BackingErrc::timeout, "clear");
    } while (cursor != "0");
  }
  co_return removed;
}

/// One SCAN, and one request that removes what it found.
asio::awaitable<std::string> RedisStore::clearStep(NodePtr node, bool cluster, std::string cursor,
                                                   std::size_t& removed,
                                                   Clock::time_point deadline) {
  Command scan;
  CommandWriter(scan.wire).command("SCAN", cursor, "MATCH", patternOf(names_), "COUNT",
                                   keysPerScan);
  scan.expected = expects::array;
  scan.at = node;
  scan.pinned = scan.primaryOnly = true;
  co_await client_->run(std::span<Command>(&scan, 1), std::min(deadline, this->deadline()));
  const Reply& reply = scan.reply;
  const bool shaped = reply.items.size() >= 2 && reply.items[0].kind == ReplyKind::bulk &&
                      reply.items[1].kind == ReplyKind::array &&
                      reply.items.size() == 2 + static_cast<std::size_t>(reply.items[1].integer);
  if (!shaped) throw Failure(BackingErrc::protocol, "SCAN was answered with no list of keys");
  std::vector<std::string_view> names;
  for (std::size_t i = 2; i < reply.items.size(); ++i) {
    const std::string_view name = reply.text(reply.items[i]);
    if (name.starts_with(names_)) names.push_back(name);
  }
  const std::size_t each = cluster ? 1 : std::max<std::size_t>(names.size(), 1);
  std::vector<Command> commands((names.size() + each - 1) / each);
  for (std::size_t c = 0; c < commands.size(); ++c) {
    CommandWriter writer(commands[c].wire);
    writer.begin(each + 1);
    writer.add("UNLINK");
    for (std::size_t i = 0; i < each; ++i) writer.add(names[c * each + i]);
    commands[c].expected = expects::integer;
    commands[c].access = Access::write;
    commands[c].slot = keySlot(names[c * each]);
  }
  removed += names.size();
  if (!commands.empty()) {
    co_await client_->run(commands, std::min(deadline, this->deadline()));
  }
  co_return std::string(reply.text(reply.items[0]));
}

}  // namespace persistance::redis
