#include "backing/redis/directory.hpp"

#include <algorithm>
#include <random>

#include "backing/redis/command.hpp"
#include "backing/redis/handshake.hpp"
#include "backing/redis/reader.hpp"

namespace persistance::redis {
namespace {

/// Between two rounds, whatever is wished for: a cluster in trouble is not to be asked faster.
constexpr std::chrono::milliseconds roundSpacing{30};

bool saysNoCluster(std::string_view error) {
  return error.starts_with("ERR This instance has cluster support disabled") ||
         error.starts_with("ERR unknown command") || error.starts_with("NOPERM");
}

}  // namespace

Directory::Directory(std::shared_ptr<const Settings> settings)
    : settings_(std::move(settings)), seed_(std::random_device{}()) {}

void Directory::start(const asio::any_io_executor& executor, std::shared_ptr<void> alive) {
  executor_ = executor;
  alive_ = std::move(alive);
  asio::co_spawn(asio::make_strand(executor), keep(shared_from_this(), alive_), asio::detached);
}

void Directory::stop() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  alive_ = nullptr;
  for (const auto& [name, node] : nodes_) {
    for (const auto& connection : node->connections) connection->stop();
  }
  wake(std::move(lock));
}

std::shared_ptr<const Routing> Directory::routing() const {
  const std::lock_guard lock(mutex_);
  return routing_;
}

NodePtr Directory::node(const Address& address) const {
  const std::lock_guard lock(mutex_);
  const auto found = nodes_.find(address.name());
  return found == nodes_.end() ? nullptr : found->second;
}

Refusal Directory::lastFailure() const {
  const std::lock_guard lock(mutex_);
  return lastFailure_;
}

void Directory::failed(Refusal why) {
  const std::lock_guard lock(mutex_);
  lastFailure_ = std::move(why);
}

void Directory::refresh() {
  std::unique_lock lock(mutex_);
  refresh_ = true;
  wake(std::move(lock));
}

void Directory::want(const Address& address) {
  std::unique_lock lock(mutex_);
  wanted_.push_back(address);
  wake(std::move(lock));
}

void Directory::wake(std::unique_lock<std::mutex> lock) {
  const std::shared_ptr<async::Event> wake = std::exchange(wake_, nullptr);
  lock.unlock();
  if (wake) wake->set();
}

bool Directory::down() const {
  for (const Address& seed : settings_->seeds) {
    const NodePtr known = node(seed);
    if (!known || !known->connections.front()->down()) return false;
  }
  return true;
}

asio::awaitable<void> Directory::keep(std::shared_ptr<Directory> self,
                                      [[maybe_unused]] std::shared_ptr<void> alive) {
  struct AtEnd {
    std::shared_ptr<Directory> directory;
    ~AtEnd() {
      directory->stop();
      directory->rounds_.wakeAll();
      // A handle may outlive the context of the executor; nothing is started any more.
      const std::lock_guard lock(directory->mutex_);
      directory->executor_ = nullptr;
    }
  };
  const AtEnd atEnd{self};
  const asio::any_io_executor strand = co_await asio::this_coro::executor;
  auto notBefore = Clock::time_point::min();
  for (;;) {
    std::shared_ptr<async::Event> wake;
    std::vector<Address> wanted;
    bool refresh = false;
    auto until = Clock::time_point::max();
    {
      const std::lock_guard lock(self->mutex_);
      if (self->stopping_) co_return;
      wanted.swap(self->wanted_);
      if (self->refresh_) until = notBefore;
      if (until <= Clock::now()) refresh = std::exchange(self->refresh_, false);
      if (!refresh && wanted.empty()) {
        wake = std::make_shared<async::Event>(strand);
        self->wake_ = wake;
      }
    }
    if (wake) {
      co_await Waiters::wait(wake, until);
      continue;
    }
    for (const Address& address : wanted) static_cast<void>(self->make(address));
    if (refresh) {
      co_await self->learn();
      notBefore = Clock::now() + roundSpacing;
    }
    self->rounds_.wakeAll();
  }
}

NodePtr Directory::make(const Address& address) {
  if (!settings_->allows(address)) return nullptr;
  auto node = std::make_shared<Node>();
  node->address = address;
  const std::lock_guard lock(mutex_);
  if (stopping_) return nullptr;
  NodePtr& place = nodes_[address.name()];
  if (place) return place;
  for (std::size_t i = 0; i < settings_->options.connectionsPerNode; ++i) {
    node->connections.push_back(std::make_shared<Connection>(settings_, address, ++seed_));
    node->connections.back()->start(executor_, alive_);
  }
  return place = std::move(node);
}

/// Those that serve before those that do not, the seeds last.
std::vector<NodePtr> Directory::candidates() {
  std::vector<NodePtr> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, node] : nodes_) all.push_back(node);
  }
  std::minstd_rand random(++seed_);
  std::shuffle(all.begin(), all.end(), random);
  std::partition(all.begin(), all.end(),
                 [](const NodePtr& node) { return node->connections.front()->up(); });
  for (const Address& seed : settings_->seeds) {
    NodePtr node = make(seed);
    if (node && std::find(all.begin(), all.end(), node) == all.end())
      all.push_back(std::move(node));
  }
  return all;
}

asio::awaitable<void> Directory::learn() {
  for (const NodePtr& node : candidates()) {
    if (co_await ask(node)) co_return;
    const std::lock_guard lock(mutex_);
    if (stopping_) co_return;
  }
}

/// True: it could say who owns what.
asio::awaitable<bool> Directory::ask(NodePtr node) {
  const RedisOptions& options = settings_->options;
  const bool alone = options.topology == RedisTopology::standalone;
  const asio::any_io_executor strand = co_await asio::this_coro::executor;
  auto request = std::make_shared<Request>(strand, Clock::now() + options.commandTimeout);
  request->impatient = true;
  request->expected = alone ? expects::status : expects::array;
  CommandWriter writer(request->wire);
  if (alone) {
    writer.command("PING");
  } else {
    writer.command("CLUSTER", "SLOTS");
  }
  node->connections.front()->submit(request);
  co_await async::Event::wait(Request::event(request));
  if (request->refusal) {
    failed(*request->refusal);
    co_return false;
  }
  const Reply& reply = request->replies.front();
  if (reply.kind() != ReplyKind::error) {
    if (!alone) co_return install(*node, reply);
    installAlone(node);
    co_return true;
  }
  if (alone && reply.text().starts_with("NOPERM")) {
    installAlone(node);
    co_return true;
  }
  const std::string said = quoted(reply.text(), settings_->password);
  if (!saysNoCluster(reply.text())) {
    failed(Refusal(readServerError(reply.text(), {}).code, false, said));
  } else if (options.topology == RedisTopology::cluster) {
    failed(Refusal(BackingErrc::protocol, false, node->address.name() + " is no cluster: " + said));
  } else {
    installAlone(node);
    co_return true;
  }
  co_return false;
}

void Directory::installAlone(const NodePtr& node) {
  auto routing = std::make_shared<Routing>();
  routing->shards.emplace_back().primary = node;
  publish(std::move(routing));
}

bool Directory::install(const Node& from, const Reply& reply) {
  std::vector<SlotRange> ranges;
  try {
    ranges = readSlots(reply, from.address.host);
  } catch (const ProtocolError& error) {
    failed(Refusal(BackingErrc::protocol, false, from.address.name() + ": " + error.what()));
    return false;
  }
  auto routing = std::make_shared<Routing>();
  routing->cluster = true;
  routing->shardOf.fill(Routing::nobody);
  std::map<std::string, std::uint16_t> shards;
  for (const SlotRange& range : ranges) {
    const NodePtr primary = make(range.nodes.front());
    if (!primary) continue;
    const auto index = static_cast<std::uint16_t>(routing->shards.size());
    const auto [place, added] = shards.emplace(primary->address.name(), index);
    if (added) {
      Routing::Shard& shard = routing->shards.emplace_back();
      shard.primary = primary;
      for (std::size_t i = 1; i < range.nodes.size(); ++i) {
        if (NodePtr replica = make(range.nodes[i])) shard.replicas.push_back(std::move(replica));
      }
    }
    std::fill(routing->shardOf.begin() + range.first, routing->shardOf.begin() + range.last + 1,
              place->second);
  }
  if (routing->shards.empty()) {
    failed(Refusal(BackingErrc::unavailable, false, "the cluster has no slots that we may reach"));
    return false;
  }
  publish(std::move(routing));
  return true;
}

bool Routing::sameOwners(const Routing& other) const {
  for (unsigned slot = 0; slot < slotCount; ++slot) {
    const Shard* mine = shard(slot);
    const Shard* theirs = other.shard(slot);
    if ((mine ? mine->primary : nullptr) != (theirs ? theirs->primary : nullptr)) return false;
  }
  return true;
}

/// Nodes that have no part any more go once nothing runs there.
void Directory::publish(std::shared_ptr<Routing> routing) {
  const std::lock_guard lock(mutex_);
  if (routing_) {
    routing->generation = routing_->generation + (routing->sameOwners(*routing_) ? 0 : 1);
  }
  routing_ = std::move(routing);
  std::erase_if(nodes_, [&](const auto& entry) {
    const NodePtr& node = entry.second;
    if (std::find(settings_->seeds.begin(), settings_->seeds.end(), node->address) !=
        settings_->seeds.end()) {
      return false;
    }
    for (const Routing::Shard& shard : routing_->shards) {
      if (shard.primary == node) return false;
      if (std::find(shard.replicas.begin(), shard.replicas.end(), node) != shard.replicas.end()) {
        return false;
      }
    }
    for (const auto& connection : node->connections) connection->retire();
    return true;
  });
}

}  // namespace persistance::redis
