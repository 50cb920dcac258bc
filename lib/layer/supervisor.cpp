#include "supervisor.hpp"

#include <unordered_set>
#include <utility>
#include <vector>

#include "instance.hpp"

namespace persistance::layer::detail {
namespace {

std::vector<InstancePtr> heldBy(ScopeState& scope) {
  std::vector<InstancePtr> held;
  const std::lock_guard lock(scope.mutex);
  for (const Ending& ending : scope.endings) {
    if (const auto* hold = std::get_if<Hold>(&ending)) held.push_back(hold->instance());
  }
  return held;
}

// Calls `visit` for each of these instances, and those that they hold in turn, until it says stop.
template <class Visit>
void visitAll(std::vector<InstancePtr> toVisit, Visit visit) {
  std::unordered_set<const Instance*> seen;
  while (!toVisit.empty()) {
    const InstancePtr next = std::move(toVisit.back());
    toVisit.pop_back();
    if (!seen.insert(next.get()).second) continue;
    if (visit(*next)) return;
    for (InstancePtr& held : heldBy(*next->scope())) toVisit.push_back(std::move(held));
  }
}

std::exception_ptr taskErrorOf(std::vector<InstancePtr> instances) {
  std::exception_ptr error;
  visitAll(std::move(instances), [&](const Instance& instance) {
    error = instance.taskError();
    return error != nullptr;
  });
  return error;
}

bool isAmong(const Instance& one, std::vector<InstancePtr> instances) {
  bool found = false;
  visitAll(std::move(instances), [&](const Instance& held) { return found = &held == &one; });
  return found;
}

}  // namespace

bool isWithin(const Instance& one, const Hold& hold) { return isAmong(one, {hold.instance()}); }
bool isWithin(const Instance& one, ScopeState& scope) { return isAmong(one, heldBy(scope)); }

std::exception_ptr taskErrorWithin(const Hold& hold) {
  if (!hold || !hold.instance()->family().taskFailed) return nullptr;
  return taskErrorOf({hold.instance()});
}

void supervise(const MemoPtr& memo, const std::shared_ptr<Supervisor>& supervisor) {
  {
    const std::lock_guard lock(memo->family->mutex);
    auto& all = memo->family->supervisors;
    std::erase_if(all, [](const std::weak_ptr<Supervisor>& one) { return one.expired(); });
    all.push_back(supervisor);
    if (!memo->family->taskFailed) return;
  }
  if (const std::exception_ptr error = taskErrorOf(heldBy(*supervisor->held())))
    supervisor->taskFailed(error);
}

void reportFailure(Family& family, const InstancePtr& instance, const std::exception_ptr& error) {
  std::vector<std::weak_ptr<Supervisor>> all;
  std::vector<std::pair<InstancePtr, std::shared_ptr<Worker>>> building;
  {
    const std::lock_guard lock(family.mutex);
    family.taskFailed = true;
    all = family.supervisors;
    for (InstancePtr& one : family.building.all()) {
      const std::shared_ptr<Worker> worker = one->worker();
      building.emplace_back(std::move(one), worker);
    }
  }
  for (const auto& weak : all) {
    const std::shared_ptr<Supervisor> supervisor = weak.lock();
    if (supervisor && isAmong(*instance, heldBy(*supervisor->held())))
      supervisor->taskFailed(error);
  }
  for (const auto& entry : building)
    entry.second->post([one = entry.first, instance, error] { one->taskFailed(*instance, error); });
}

}  // namespace persistance::layer::detail
