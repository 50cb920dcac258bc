#pragma once
/// @file
/// What a node says of itself.

#include <map>
#include <string>
#include <string_view>

#include "backing/redis/slot_set.hpp"
#include "backing/redis/url.hpp"

namespace persistance::backing::redis {

/// One node at one moment. A server alone owns all slots.
struct NodeView {
  std::string process;  ///< Another each time it is started; empty: the user may not know.
  SlotSet owned;
  SlotSet leaving;                      ///< Of `owned`: their keys walk to another node.
  SlotSet arriving;                     ///< Owned by another node, which sends their keys here.
  std::map<unsigned, Address> targets;  ///< Where those that leave go.
};

/// Reads "run_id" out of the answer to INFO server.
[[nodiscard]] std::string readProcess(std::string_view info);

/// Reads the node's own line of its answer to CLUSTER NODES; `host` is its own, where it does not
/// know its name.
/// @par Errors  ProtocolError: this is no such answer.
[[nodiscard]] NodeView readNodes(std::string_view nodes, const std::string& host);

}  // namespace persistance::backing::redis
