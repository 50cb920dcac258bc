#include "backing/redis/topology.hpp"

#include <algorithm>
#include <random>

#include "backing/redis/command_writer.hpp"
#include "backing/redis/reply_reader.hpp"
#include "backing/redis/server_error.hpp"

namespace persistance::backing::redis {
namespace {

/// Between two rounds, whatever is wished for: a cluster in trouble is not to be asked faster.
constexpr std::chrono::milliseconds roundInterval{30};

}  // namespace

Topology::Topology(std::shared_ptr<const Settings> settings)
    : settings_(std::move(settings)), seed_(std::random_device{}()) {}

void Topology::start(const asio::any_io_executor& executor, std::shared_ptr<void> alive) {
  executor_ = executor;
  alive_ = std::move(alive);
  asio::co_spawn(asio::make_strand(executor), serve(shared_from_this(), alive_), asio::detached);
}

void Topology::stop() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  alive_ = nullptr;
  for (const auto& [name, node] : nodes_) {
    for (const auto& connection : node->connections) connection->stop();
  }
  wake(std::move(lock));
}

std::shared_ptr<const Routing> Topology::routing() const {
  const std::lock_guard lock(mutex_);
  return routing_;
}

NodePtr Topology::node(const Address& address) const {
  const std::lock_guard lock(mutex_);
  const auto found = nodes_.find(address.name());
  return found == nodes_.end() ? nullptr : found->second;
}

Refusal Topology::lastFailure() const {
  const std::lock_guard lock(mutex_);
  return lastFailure_;
}

void Topology::failed(Refusal why) {
  const std::lock_guard lock(mutex_);
  lastFailure_ = std::move(why);
}

bool Topology::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Topology::refresh() {
  std::unique_lock lock(mutex_);
  refresh_ = true;
  wake(std::move(lock));
}

void Topology::want(const Address& address) {
  std::unique_lock lock(mutex_);
  wanted_.push_back(address);
  wake(std::move(lock));
}

void Topology::wake(std::unique_lock<std::mutex> lock) {
  const std::shared_ptr<async::Event> wake = std::exchange(wake_, nullptr);
  lock.unlock();
  if (wake) wake->set();
}

bool Topology::allDown() const {
  return std::all_of(settings_->addresses.begin(), settings_->addresses.end(),
                     [this](const Address& seed) {
                       const NodePtr known = node(seed);
                       return known && known->connections.front()->down();
                     });
}

asio::awaitable<void> Topology::serve(std::shared_ptr<Topology> self,
                                      [[maybe_unused]] std::shared_ptr<void> alive) {
  struct AtEnd {
    std::shared_ptr<Topology> topology;
    ~AtEnd() {
      topology->stop();
      topology->rounds_.wakeAll();
      // A handle may outlive the context of the executor; nothing is started any more.
      const std::lock_guard lock(topology->mutex_);
      topology->executor_ = nullptr;
    }
  };
  const AtEnd atEnd{self};
  const asio::any_io_executor strand = co_await asio::this_coro::executor;
  auto notBefore = Clock::time_point::min();
  while (!self->stopping()) {
    const Wishes wishes = self->takeWishes(strand, notBefore);
    if (wishes.wake) {
      co_await async::waitUntil(wishes.wake, wishes.until);
      continue;
    }
    for (const Address& address : wishes.wanted) static_cast<void>(self->make(address));
    if (wishes.refresh) {
      co_await self->learn();
      notBefore = Clock::now() + roundInterval;
    }
    self->rounds_.wakeAll();
  }
}

Topology::Wishes Topology::takeWishes(const asio::any_io_executor& strand,
                                      Clock::time_point notBefore) {
  Wishes wishes;
  const std::lock_guard lock(mutex_);
  wishes.wanted.swap(wanted_);
  wishes.until = refresh_ ? notBefore : Clock::time_point::max();
  if (wishes.until <= Clock::now()) wishes.refresh = std::exchange(refresh_, false);
  if (wishes.refresh || !wishes.wanted.empty() || stopping_) return wishes;
  wishes.wake = wake_ = std::make_shared<async::Event>(strand);
  return wishes;
}

NodePtr Topology::make(const Address& address) {
  if (!settings_->allows(address)) return nullptr;
  const std::lock_guard lock(mutex_);
  if (stopping_) return nullptr;
  NodePtr& place = nodes_[address.name()];
  if (place) return place;
  auto node = std::make_shared<RedisNode>(address);
  for (std::size_t i = 0; i < settings_->options.connectionsPerNode; ++i) {
    node->connections.push_back(
        std::make_shared<Connection>(settings_, membership_, address, ++seed_));
    node->connections.back()->start(executor_, alive_);
  }
  return place = std::move(node);
}

/// Those that serve before those that do not, the addresses last.
std::vector<NodePtr> Topology::candidates() {
  std::vector<NodePtr> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, node] : nodes_) all.push_back(node);
    std::minstd_rand random(++seed_);
    std::shuffle(all.begin(), all.end(), random);
  }
  std::partition(all.begin(), all.end(),
                 [](const NodePtr& node) { return node->connections.front()->up(); });
  for (const Address& seed : settings_->addresses) {
    NodePtr node = make(seed);
    if (node && std::find(all.begin(), all.end(), node) == all.end()) all.push_back(node);
  }
  return all;
}

asio::awaitable<void> Topology::learn() {
  for (const NodePtr& node : candidates()) {
    if (co_await ask(node)) co_return;
    if (stopping()) co_return;
  }
}

/// True: it could say who owns what.
asio::awaitable<bool> Topology::ask(NodePtr node) {
  const RedisOptions& options = settings_->options;
  const bool alone = options.topology == RedisTopology::standalone;
  const asio::any_io_executor strand = co_await asio::this_coro::executor;
  auto request = makeRequest(strand, Clock::now() + options.commandTimeout);
  request->failFast = true;
  request->expected = alone ? expects::status : expects::array;
  CommandWriter writer(request->wire);
  if (alone) {
    writer.command("PING");
  } else {
    writer.command("CLUSTER", "SLOTS");
  }
  node->connections.front()->submit(request);
  co_await Request::wait(request);
  if (request->refusal) {
    failed(*request->refusal);
    co_return false;
  }
  co_return understand(node, request->replies.front());
}

bool Topology::understand(const NodePtr& node, const Reply& reply) {
  if (reply.kind() == ReplyKind::error) return understandError(node, reply.text());
  if (reply.kind() == ReplyKind::status) {
    publish(routingOf(node));
    return true;
  }
  try {
    const std::vector<SlotRange> ranges = readSlots(reply, node->address.host);
    if (!membership_->accepts(ranges)) {
      failed(Refusal(BackingErrc::unavailable, false,
                     node->address.name() + " is no node of the cluster that was there"));
      return false;
    }
    auto routing = routingOf(ranges, [this](const Address& address) { return make(address); });
    if (routing->owners.empty()) {
      failed(
          Refusal(BackingErrc::unavailable, false, "the cluster has no slots that we may reach"));
      return false;
    }
    membership_->learn(ranges);
    publish(std::move(routing));
    return true;
  } catch (const ProtocolError& error) {
    failed(Refusal(BackingErrc::protocol, false, node->address.name() + ": " + error.what()));
    return false;
  }
}

/// A server that is no cluster, or may not be asked whether it is one, is taken as it is; but not in
/// the place of a cluster.
bool Topology::understandError(const NodePtr& node, std::string_view text) {
  const RedisTopology topology = settings_->options.topology;
  const std::string said = quoted(text, settings_->password);
  const bool forbidden = text.starts_with("NOPERM");
  const bool noCluster = topology != RedisTopology::standalone && saysNoCluster(text);
  if (!forbidden && !noCluster) {
    failed(Refusal(readServerError(text, {}).code, false, said));
    return false;
  }
  if (topology == RedisTopology::cluster || membership_->cluster()) {
    const BackingErrc code = forbidden ? BackingErrc::authFailed : BackingErrc::protocol;
    failed(Refusal(code, false, node->address.name() + " is no cluster: " + said));
    return false;
  }
  auto alone = routingOf(node);
  alone->undecided = forbidden && topology == RedisTopology::automatic;
  publish(std::move(alone));
  return true;
}

/// Nodes that have no part any more go once nothing runs there.
void Topology::publish(std::shared_ptr<Routing> routing) {
  const std::lock_guard lock(mutex_);
  routing_ = std::move(routing);
  slotsMatter_ = routing_->cluster || settings_->options.connectionsPerNode > 1;
  const std::vector<Address>& addresses = settings_->addresses;
  std::erase_if(nodes_, [&](const auto& entry) {
    const NodePtr& node = entry.second;
    const bool seed =
        std::find(addresses.begin(), addresses.end(), node->address) != addresses.end();
    if (seed || routing_->uses(node)) return false;
    for (const auto& connection : node->connections) connection->retire();
    return true;
  });
}

}  // namespace persistance::backing::redis
