#pragma once
/// @file
/// Which servers there are, and which of them owns what.

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "backing/redis/connection.hpp"
#include "backing/redis/slot_map.hpp"
#include "backing/redis/waiters.hpp"

namespace persistance::redis {

/// One server.
struct Node {
  Address address;
  std::vector<std::shared_ptr<Connection>> connections;

  /// The same for the same slot, so that operations of one key keep their order.
  [[nodiscard]] Connection& connection(unsigned slot) const {
    return *connections[slot % connections.size()];
  }
};
using NodePtr = std::shared_ptr<Node>;

/// Who owns which slots; immutable. A server alone owns them all.
struct Routing {
  struct Shard {
    NodePtr primary;
    std::vector<NodePtr> replicas;
  };
  static constexpr std::uint16_t nobody = 0xffff;

  bool cluster = false;
  std::uint64_t generation = 0;  ///< Another one: some slot has another owner.
  std::vector<Shard> shards;
  std::array<std::uint16_t, slotCount> shardOf{};

  [[nodiscard]] const Shard* shard(unsigned slot) const {
    return shardOf[slot] == nobody ? nullptr : &shards[shardOf[slot]];
  }
  [[nodiscard]] bool sameOwners(const Routing& other) const;
};

/// Learns who owns what and keeps the connections. One coroutine does it, so at most one question
/// for the slots is under way, however many operations want the answer.
///
/// @par Threads  All public members, any thread.
class Directory : public std::enable_shared_from_this<Directory> {
 public:
  explicit Directory(std::shared_ptr<const Settings> settings);

  /// Spawns the coroutine, which holds `alive` to its end. Called once, in a handler of the
  /// execution context.
  void start(const asio::any_io_executor& executor, std::shared_ptr<void> alive);

  /// Refuses all that runs in all connections, and ends all coroutines.
  void stop();

  /// Null while nothing is known.
  [[nodiscard]] std::shared_ptr<const Routing> routing() const;
  /// Null while there is none for it; want() makes one.
  [[nodiscard]] NodePtr node(const Address& address) const;
  /// Why nothing is known, or the last question failed.
  [[nodiscard]] Refusal lastFailure() const;

  /// Has the slots learnt anew.
  void refresh();
  /// Has a node made for an address that a server pointed to, if the options allow it.
  void want(const Address& address);
  /// Those who wait for the end of a round that serves such wishes.
  [[nodiscard]] Waiters& rounds() noexcept { return rounds_; }
  /// No seed is worth waiting for.
  [[nodiscard]] bool down() const;

 private:
  void wake(std::unique_lock<std::mutex> lock);

  // All below in the coroutine.
  [[nodiscard]] static asio::awaitable<void> keep(std::shared_ptr<Directory> self,
                                                  std::shared_ptr<void> alive);
  [[nodiscard]] asio::awaitable<void> learn();
  [[nodiscard]] asio::awaitable<bool> ask(NodePtr node);
  [[nodiscard]] bool install(const Node& from, const Reply& reply);
  void installAlone(const NodePtr& node);
  void publish(std::shared_ptr<Routing> routing);
  [[nodiscard]] NodePtr make(const Address& address);
  [[nodiscard]] std::vector<NodePtr> candidates();
  void failed(Refusal why);

  const std::shared_ptr<const Settings> settings_;
  asio::any_io_executor executor_;  // set by start()
  std::shared_ptr<void> alive_;     // handed to each connection; dropped by stop()

  mutable std::mutex mutex_;
  // All below is guarded by mutex_.
  std::map<std::string, NodePtr> nodes_;
  std::shared_ptr<const Routing> routing_;
  Refusal lastFailure_;
  bool stopping_ = false;
  bool refresh_ = false;
  std::vector<Address> wanted_;
  std::shared_ptr<async::Event> wake_;  // there while the coroutine waits
  std::uint64_t seed_;
  // Up to here.
  Waiters rounds_;
};

}  // namespace persistance::redis
