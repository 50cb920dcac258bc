#include "supervisor.hpp"

#include <unordered_set>
#include <vector>

#include "instance.hpp"

namespace persistance::layer::detail {
namespace {

// Calls `visit` for each instance that the scope holds, and those hold in turn, until it says stop.
template <class Visit>
void visitHeld(const std::shared_ptr<ScopeState>& scope, Visit visit) {
  std::unordered_set<const Instance*> seen;
  std::vector<std::shared_ptr<ScopeState>> toVisit{scope};
  while (!toVisit.empty()) {
    const std::shared_ptr<ScopeState> next = std::move(toVisit.back());
    toVisit.pop_back();
    std::vector<InstancePtr> held;
    {
      const std::lock_guard lock(next->mutex);
      for (const Ending& ending : next->endings) {
        if (const auto* hold = std::get_if<Hold>(&ending)) held.push_back(hold->instance());
      }
    }
    for (const InstancePtr& instance : held) {
      if (!seen.insert(instance.get()).second) continue;
      if (visit(*instance)) return;
      toVisit.push_back(instance->scope());
    }
  }
}

}  // namespace

void supervise(const MemoPtr& memo, const std::shared_ptr<Supervisor>& supervisor) {
  {
    const std::lock_guard lock(memo->family->mutex);
    auto& all = memo->family->supervisors;
    std::erase_if(all, [](const std::weak_ptr<Supervisor>& one) { return one.expired(); });
    all.push_back(supervisor);
    if (!memo->family->taskFailed) return;
  }
  std::exception_ptr error;
  visitHeld(supervisor->held(), [&](const Instance& instance) {
    error = instance.taskError();
    return error != nullptr;
  });
  if (error) supervisor->taskFailed(error);
}

void reportFailure(Family& family, const Instance& instance, const std::exception_ptr& error) {
  std::vector<std::weak_ptr<Supervisor>> all;
  {
    const std::lock_guard lock(family.mutex);
    family.taskFailed = true;
    all = family.supervisors;
  }
  for (const auto& weak : all) {
    const std::shared_ptr<Supervisor> supervisor = weak.lock();
    if (!supervisor) continue;
    bool holds = false;
    visitHeld(supervisor->held(), [&](const Instance& held) { return holds = &held == &instance; });
    if (holds) supervisor->taskFailed(error);
  }
}

}  // namespace persistance::layer::detail
