#pragma once
/// @file
/// Who owns which slots, as CLUSTER SLOTS says. Every Redis with Cluster answers that; CLUSTER SHARDS
/// (7 and later) adds health and offsets, of which nothing is used here.

#include <string>
#include <vector>

#include "backing/redis/reply.hpp"
#include "backing/redis/slot.hpp"
#include "backing/redis/url.hpp"

namespace persistance::backing::redis {

struct SlotRange {
  unsigned first = 0;
  unsigned last = 0;
  std::vector<Address> nodes;    ///< The primary, then its replicas; never empty.
  std::vector<std::string> ids;  ///< Of all its nodes that have one.
};

/// `host` is the one that answered: a node that does not know its own name leaves it out. Nodes
/// whose address is not known are left out, and ranges without a primary.
/// @par Errors  ProtocolError: the reply is no such list.
[[nodiscard]] std::vector<SlotRange> readSlots(const Reply& reply, const std::string& host);

}  // namespace persistance::backing::redis
