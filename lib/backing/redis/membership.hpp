#pragma once
/// @file
/// Whose cluster this is.

#include <mutex>
#include <set>
#include <span>
#include <string>

#include "backing/redis/slot_map.hpp"

namespace persistance::backing::redis {

/// Once servers were a cluster, they are that cluster for as long as the layer lives; its nodes are
/// told by their ids. So what comes to stand at the address of a node that is gone gets nothing.
///
/// @par Threads  Any number at once.
class Membership {
 public:
  /// Whether the servers are a cluster.
  [[nodiscard]] bool cluster() const;

  /// Whether somebody who sees these slots is part of it: knows one of its nodes.
  [[nodiscard]] bool accepts(std::span<const SlotRange> ranges) const;

  /// It is what these slots say.
  void learn(std::span<const SlotRange> ranges);

 private:
  mutable std::mutex mutex_;
  // All below is guarded by mutex_.
  bool cluster_ = false;
  std::set<std::string> ids_;  // of its nodes; none: its nodes have no ids
};

}  // namespace persistance::backing::redis
