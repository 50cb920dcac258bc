#include "cycle.hpp"

#include <unordered_map>
#include <vector>

#include "instance.hpp"
#include "memo.hpp"

namespace persistance::layer::detail {
namespace {

using CameFrom = std::unordered_map<const Asker*, const Asker*>;

std::string names(const Asker* last, const CameFrom& cameFrom, const Instance& instance) {
  std::string path;
  for (const Asker* on = last; on != nullptr; on = cameFrom.at(on)) {
    if (!on->name().empty()) path += std::string(on->name()) + " -> ";
  }
  return path + std::string(instance.name());
}

}  // namespace

std::string cycleOf(const Asker& asker, const Instance& instance) {
  CameFrom cameFrom{{&asker, nullptr}};
  std::vector<const Asker*> toVisit{&asker};
  while (!toVisit.empty()) {
    const Asker* next = toVisit.back();
    toVisit.pop_back();
    if (next == &instance) return names(next, cameFrom, instance);
    const auto visit = [&](const Asker* waiting) {
      if (waiting != nullptr && cameFrom.emplace(waiting, next).second) toVisit.push_back(waiting);
    };
    visit(next->awaitedBy());
    if (const std::vector<Waiter>* waiters = next->waiters()) {
      for (const Waiter& waiter : *waiters) visit(waiter.asker.get());
    }
  }
  return {};
}

}  // namespace persistance::layer::detail
