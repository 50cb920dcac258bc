#include "backing/redis/clear.hpp"

#include "backing/redis/command_writer.hpp"
#include "backing/redis/names.hpp"

namespace persistance::backing::redis {
namespace {

constexpr std::string_view keysPerScan = "1000";

/// One clear on its way.
struct Clear {
  std::shared_ptr<Client> client;
  std::string names;
  Clock::time_point deadline;
  std::size_t removed = 0;  // in this pass

  Clear(std::shared_ptr<Client> client_, std::string names_)
      : client(std::move(client_)),
        names(std::move(names_)),
        deadline(Clock::now() + client->settings().options.clearDeadline) {}

  /// Of one command of it.
  [[nodiscard]] Clock::time_point next() const {
    return std::min(deadline, Clock::now() + client->settings().options.deadline);
  }
};

struct Page {
  std::string cursor;
  std::vector<std::string> names;  // those of the store
};

Page readPage(const Reply& reply, const std::string& names) {
  const bool shaped = reply.items.size() >= 2 && reply.items[0].kind == ReplyKind::bulk &&
                      reply.items[1].kind == ReplyKind::array &&
                      reply.items.size() == 2 + static_cast<std::size_t>(reply.items[1].integer);
  if (!shaped) throw Failure(BackingErrc::protocol, "SCAN was answered with no list of keys");
  Page page;
  page.cursor = reply.text(reply.items[0]);
  for (std::size_t i = 2; i < reply.items.size(); ++i) {
    const std::string_view name = reply.text(reply.items[i]);
    if (name.starts_with(names)) page.names.emplace_back(name);
  }
  return page;
}

/// In a cluster one command for each name: they lie in many slots.
std::vector<Command> removalOf(const std::vector<std::string>& names, bool cluster) {
  const std::size_t each = cluster ? 1 : std::max<std::size_t>(names.size(), 1);
  std::vector<Command> commands;
  for (std::size_t first = 0; first < names.size(); first += each) {
    Command& command =
        commands.emplace_back(expects::integer, Access::write, keySlot(names[first]));
    CommandWriter writer(command.wire);
    writer.begin(each + 1);
    writer.add("UNLINK");
    for (std::size_t i = first; i < first + each; ++i) writer.add(names[i]);
  }
  return commands;
}

asio::awaitable<Page> scan(Clear& clear, NodePtr node, std::string cursor) {
  Command command(expects::array, Access::read, 0);
  CommandWriter(command.wire)
      .command("SCAN", cursor, "MATCH", patternOf(clear.names), "COUNT", keysPerScan);
  command.target = std::move(node);
  command.pinned = command.primary = true;
  co_await clear.client->run(std::span<Command>(&command, 1), clear.next());
  co_return readPage(command.reply, clear.names);
}

asio::awaitable<void> clearNode(Clear& clear, NodePtr node, bool cluster) {
  Page page;
  page.cursor = "0";
  do {
    page = co_await scan(clear, node, page.cursor);
    clear.removed += page.names.size();
    std::vector<Command> commands = removalOf(page.names, cluster);
    if (!commands.empty()) co_await clear.client->run(commands, clear.next());
    if (Clock::now() >= clear.deadline) throw Failure(BackingErrc::timeout, "clear");
  } while (page.cursor != "0");
}

/// False: a primary went and took the cursor with it; its successor is to be scanned from the start.
asio::awaitable<bool> clearAll(Clear& clear, std::shared_ptr<const Routing> routing) {
  clear.removed = 0;
  try {
    for (const Routing::Owner& owner : routing->owners) {
      co_await clearNode(clear, owner.primary, routing->cluster);
    }
  } catch (const Failure& failure) {
    const bool soon = Clock::now() + std::chrono::milliseconds(100) < clear.deadline;
    if (!routing->cluster || failure.code() != BackingErrc::unavailable || !soon) throw;
    co_return false;
  }
  co_return true;
}

}  // namespace

/// In a cluster keys may walk from a node that is still to be scanned to one that has been: so it
/// is done again until there was nothing left to remove.
asio::awaitable<void> clear(std::shared_ptr<Client> client, std::string names) {
  Clear clear(std::move(client), std::move(names));
  constexpr int passLimit = 4;
  for (int passes = 0; passes < passLimit;) {
    const auto routing = co_await clear.client->routing(clear.deadline);
    if (co_await clearAll(clear, routing)) {
      if (clear.removed == 0 || !routing->cluster) co_return;
      ++passes;
    } else {
      asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(100));
      co_await timer.async_wait(asio::use_awaitable);
    }
  }
}

}  // namespace persistance::backing::redis
