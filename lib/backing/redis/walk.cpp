#include "backing/redis/walk.hpp"

#include <algorithm>
#include <charconv>

#include "backing/redis/backoff.hpp"
#include "backing/redis/command_writer.hpp"
#include "backing/redis/names.hpp"
#include "backing/redis/reply_reader.hpp"

namespace persistance::backing::redis {
namespace {

/// What only this node can answer.
template <class... Arguments>
Command question(const NodePtr& node, char expected, const Arguments&... arguments) {
  Command command(expected, Access::read, 0);
  CommandWriter(command.wire).command(arguments...);
  command.target = node;
  command.pinned = command.primary = true;
  return command;
}

/// Who answers, and what it owns. A user who may not ask for the first does without.
std::vector<Command> aboutItself(const NodePtr& node, bool cluster) {
  std::vector<Command> commands;
  commands.push_back(question(node, expects::bulk, "INFO", "server"));
  commands.back().errorIsReply = true;
  if (cluster) commands.push_back(question(node, expects::bulk, "CLUSTER", "NODES"));
  return commands;
}

NodeView readView(const Command& info, const Command* nodes) {
  NodeView view;
  if (nodes == nullptr) {
    view.owned.set();
  } else {
    view = readNodes(nodes->reply.text(), nodes->node->address.host);
  }
  if (info.reply.kind() == ReplyKind::bulk) view.process = readProcess(info.reply.text());
  return view;
}

/// Also gives the cursor that the step ended with.
std::uint64_t readNames(const Reply& reply, const std::string& prefix,
                        std::vector<std::string>& names) {
  const bool shaped = reply.items.size() >= 2 && reply.items[0].kind == ReplyKind::bulk &&
                      reply.items[1].kind == ReplyKind::array &&
                      reply.items.size() == 2 + static_cast<std::size_t>(reply.items[1].integer);
  if (!shaped) throw Failure(BackingErrc::protocol, "SCAN was answered with no list of keys");
  for (std::size_t i = 2; i < reply.items.size(); ++i) {
    const std::string_view name = reply.text(reply.items[i]);
    if (name.starts_with(prefix)) names.emplace_back(name);
  }
  const std::string_view text = reply.text(reply.items[0]);
  std::uint64_t cursor = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cursor);
  if (error == std::errc{} && end == text.data() + text.size()) return cursor;
  throw Failure(BackingErrc::protocol, "SCAN was answered with no cursor");
}

/// Slots that nobody sends to the node any more do not arrive there, whatever it says.
void keepSent(NodeView& view, const NodeView& source, const Address& address) {
  SlotSet sent;
  for (const auto& [slot, target] : source.targets) {
    if (target == address) sent.set(slot);
  }
  view.arriving &= sent;
}

/// In a cluster that changes, another attempt may go better.
bool passes(const Failure& failure) {
  return failure.code() == BackingErrc::unavailable || failure.code() == BackingErrc::timeout ||
         failure.code() == BackingErrc::protocol;
}

}  // namespace

std::size_t keysPerStep(const RedisOptions& options) {
  return std::clamp<std::size_t>(options.replyElementLimit / 2, 1, 1000);
}

Walk::Walk(std::shared_ptr<Client> client, std::string prefix)
    : client_(std::move(client)), prefix_(std::move(prefix)), pattern_(patternOf(prefix_)) {}

asio::awaitable<Walk::Step> Walk::step(const Position& from, std::size_t count,
                                       Clock::time_point deadline) {
  Backoff backoff(std::chrono::milliseconds(20), std::chrono::milliseconds(200),
                  reinterpret_cast<std::uintptr_t>(&from));
  const auto routing = co_await client_->routing(deadline);
  for (;;) {
    std::optional<Failure> failure;
    Step step(from);
    try {
      co_await attempt(step, count, deadline);
    } catch (const Failure& caught) {
      failure = caught;
    } catch (const ProtocolError& caught) {
      failure = Failure(BackingErrc::protocol, caught.what());
    }
    if (!failure) co_return step;
    const auto next = Clock::now() + backoff.next();
    if (!routing->cluster || !passes(*failure) || next >= deadline) throw Failure(*failure);
    client_->refresh();
    asio::steady_timer timer(co_await asio::this_coro::executor, next);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<void> Walk::attempt(Step& step, std::size_t count, Clock::time_point deadline) {
  const auto routing = co_await client_->routing(deadline);
  const Place place = co_await start(step.before, *routing, deadline);
  step.after = step.before;
  if (!place.node) co_return;
  NodeView view = co_await scan(place.node, routing->cluster, step, count, deadline);
  if (place.source) {
    const NodeView source = co_await look(place.source, true, deadline);
    keepSent(view, source, place.node->address);
  }
  if (!step.after.narrow(view)) {
    step.names.clear();
    if (!step.after.scan || step.after.scan->slots != step.before.scan->slots) co_return;
    throw Failure(BackingErrc::unavailable,
                  place.node->address.name() + " is another server by now");
  }
  if (routing->cluster) {
    const SlotSet& slots = step.after.scan->slots;
    std::erase_if(step.names, [&](const std::string& name) { return !slots[keySlot(name)]; });
  }
  step.after.advance(view, step.end);
}

/// Where the position's scan is, which is begun where there is none; no node: it has come further
/// without a scan.
asio::awaitable<Walk::Place> Walk::start(Position& position, const Routing& routing,
                                         Clock::time_point deadline) {
  const unsigned slot = *position.next();
  const Routing::Owner* owner = routing.owner(slot);
  if (owner == nullptr) {
    throw Failure(BackingErrc::unavailable,
                  "no node of the cluster serves slot " + std::to_string(slot));
  }
  Place place(owner->primary);
  NodeView source;
  if (position.leaving[slot]) source = co_await follow(position, place, deadline);
  if (position.scan) co_return place;
  NodeView view = co_await look(place.node, routing.cluster, deadline);
  if (place.source) keepSent(view, source, place.node->address);
  position.begin(view, place.source != nullptr);
  if (position.scan) co_return place;
  if (place.source) {
    // A node that takes no keys of the slot has none: the scan of the owner was enough.
    position.covered.set(slot);
    co_return Place(nullptr);
  }
  throw Failure(BackingErrc::unavailable,
                place.node->address.name() + " does not serve slot " + std::to_string(slot));
}

/// The slot of the position was scanned at its owner while keys walked away: goes after them. Slots
/// that they do not leave any more are as if they had not been scanned.
asio::awaitable<NodeView> Walk::follow(Position& position, Place& place,
                                       Clock::time_point deadline) {
  const unsigned slot = *position.next();
  NodeView owner = co_await look(place.node, true, deadline);
  position.leaving &= ~(owner.owned & ~owner.leaving);
  const auto target = owner.targets.find(slot);
  if (target != owner.targets.end()) {
    place.source = std::move(place.node);
    place.node = co_await client_->resolve(target->second, deadline);
  } else {
    position.leaving.reset(slot);
    position.scan.reset();
  }
  co_return owner;
}

asio::awaitable<NodeView> Walk::look(NodePtr node, bool cluster, Clock::time_point deadline) {
  std::vector<Command> commands = aboutItself(node, cluster);
  co_await client_->run(commands, deadline);
  co_return readView(commands[0], cluster ? &commands[1] : nullptr);
}

/// One step, and how the node looks right after it.
asio::awaitable<NodeView> Walk::scan(NodePtr node, bool cluster, Step& step, std::size_t count,
                                     Clock::time_point deadline) {
  std::vector<Command> commands = aboutItself(node, cluster);
  const std::string cursor = std::to_string(step.before.scan->cursor);
  const std::string about = std::to_string(count);
  commands.insert(commands.begin(), question(node, expects::array, "SCAN", cursor, "MATCH",
                                             pattern_, "COUNT", about));
  co_await client_->run(commands, deadline);
  step.end = readNames(commands[0].reply, prefix_, step.names);
  co_return readView(commands[1], cluster ? &commands[2] : nullptr);
}

}  // namespace persistance::backing::redis
