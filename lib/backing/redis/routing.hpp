#pragma once
/// @file
/// Which node serves which slots.

#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "backing/redis/connection.hpp"
#include "backing/redis/slot_map.hpp"

namespace persistance::backing::redis {

/// One server, and the connections to it.
struct RedisNode {
  explicit RedisNode(Address address_) : address(std::move(address_)) {}

  Address address;
  std::vector<std::shared_ptr<Connection>> connections;

  /// The same for the same slot, so that operations of one key keep their order.
  [[nodiscard]] Connection& connection(unsigned slot) const {
    return *connections[slot % connections.size()];
  }
};
using NodePtr = std::shared_ptr<RedisNode>;

/// Who owns which slots; immutable once it is published. A server alone owns them all.
struct Routing {
  struct Owner {
    NodePtr primary;
    std::vector<NodePtr> replicas;
  };
  static constexpr std::uint16_t nobody = 0xffff;

  bool cluster = false;
  bool undecided = false;  ///< Nobody may ask whether it is a cluster: it may send us elsewhere.
  std::vector<Owner> owners;
  std::array<std::uint16_t, slotCount> ownerOf{};

  [[nodiscard]] const Owner* owner(unsigned slot) const {
    return ownerOf[slot] == nobody ? nullptr : &owners[ownerOf[slot]];
  }
  /// Whether the node is primary or replica of anything.
  [[nodiscard]] bool uses(const NodePtr& node) const;
};

/// `makeNode` gives the node of an address, or null for one that the options do not allow: ranges
/// whose primary is not allowed are left out.
using MakeNode = std::function<NodePtr(const Address&)>;
[[nodiscard]] std::shared_ptr<Routing> routingOf(const std::vector<SlotRange>& ranges,
                                                 const MakeNode& makeNode);
[[nodiscard]] std::shared_ptr<Routing> routingOf(NodePtr alone);

}  // namespace persistance::backing::redis
