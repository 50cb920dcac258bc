#include "backing/redis/routing.hpp"

#include <algorithm>
#include <map>

namespace persistance::backing::redis {

bool Routing::uses(const NodePtr& node) const {
  return std::any_of(owners.begin(), owners.end(), [&](const Owner& owner) {
    return owner.primary == node ||
           std::find(owner.replicas.begin(), owner.replicas.end(), node) != owner.replicas.end();
  });
}

std::shared_ptr<Routing> routingOf(const std::vector<SlotRange>& ranges, const MakeNode& makeNode) {
  auto routing = std::make_shared<Routing>();
  routing->cluster = true;
  routing->ownerOf.fill(Routing::nobody);
  std::map<NodePtr, std::uint16_t> owners;  // by their primaries
  for (const SlotRange& range : ranges) {
    const NodePtr primary = makeNode(range.nodes.front());
    if (!primary) continue;
    const auto index = static_cast<std::uint16_t>(routing->owners.size());
    const auto [place, added] = owners.emplace(primary, index);
    if (added) {
      Routing::Owner& owner = routing->owners.emplace_back();
      owner.primary = primary;
      for (std::size_t i = 1; i < range.nodes.size(); ++i) {
        if (NodePtr replica = makeNode(range.nodes[i])) owner.replicas.push_back(replica);
      }
    }
    std::fill(routing->ownerOf.begin() + range.first, routing->ownerOf.begin() + range.last + 1,
              place->second);
  }
  return routing;
}

std::shared_ptr<Routing> routingOf(NodePtr alone) {
  auto routing = std::make_shared<Routing>();
  routing->owners.emplace_back().primary = std::move(alone);
  return routing;
}

}  // namespace persistance::backing::redis
