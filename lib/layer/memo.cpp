#include "memo.hpp"

#include <algorithm>

#include "cycle.hpp"
#include "failure_notes.hpp"
#include "flat_delete.hpp"
#include "instance.hpp"

namespace persistance::layer::detail {

Answer Answer::value(Services services, Hold hold) {
  Answer answer;
  answer.kind = Kind::value;
  answer.services = std::move(services);
  answer.hold = std::move(hold);
  return answer;
}

Answer Answer::failure(std::exception_ptr error, CloseFailures failures) {
  Answer answer;
  answer.kind = Kind::failure;
  answer.error = std::move(error);
  answer.failures = std::move(failures);
  return answer;
}

void tell(const Waiter& waiter, Answer answer, const Worker* here) {
  if (waiter.asker->worker().get() == here) {
    waiter.asker->answered(waiter.slot, std::move(answer));
    return;
  }
  waiter.asker->worker()->post(
      [asker = waiter.asker, slot = waiter.slot, answer = std::move(answer)]() mutable {
        asker->answered(slot, std::move(answer));
      });
}

void Building::add(Instance& instance) noexcept {
  instance.nextBuilding_ = first_;
  if (first_ != nullptr) first_->previousBuilding_ = &instance;
  first_ = &instance;
}

void Building::remove(Instance& instance) noexcept {
  Instance* const next = std::exchange(instance.nextBuilding_, nullptr);
  Instance* const previous = std::exchange(instance.previousBuilding_, nullptr);
  if (next != nullptr) next->previousBuilding_ = previous;
  if (previous != nullptr) previous->nextBuilding_ = next;
  if (first_ == &instance) first_ = next;
}

std::vector<InstancePtr> Building::all() const {
  std::vector<InstancePtr> instances;
  for (Instance* one = first_; one != nullptr; one = one->nextBuilding_) {
    if (JobPtr job = one->weak_from_this().lock())
      instances.push_back(std::static_pointer_cast<Instance>(std::move(job)));
  }
  return instances;
}

InstancePtr Memo::find(const Recipe* recipe) const {
  for (const Memo* memo = this; memo != nullptr; memo = memo->parent.get()) {
    const auto place = memo->instances.find(recipe);
    if (place == memo->instances.end()) continue;
    // One that is dying is none.
    if (JobPtr instance = place->second->weak_from_this().lock())
      return std::static_pointer_cast<Instance>(std::move(instance));
  }
  return nullptr;
}

InstancePtr request(const std::shared_ptr<Asker>& asker, std::size_t slot, const Wanted& wanted,
                    const MemoPtr& memo, std::vector<JobPtr>& started) {
  const RecipePtr& recipe = wanted.layer.recipe;
  if (const Services* value = recipe->value()) {
    asker->answered(slot, Answer::value(*value, Hold()));
    return nullptr;
  }
  InstancePtr instance;  // outlives the lock: its destructor takes it
  std::unique_lock lock(memo->family->mutex);
  if (recipe->memoised()) instance = memo->find(recipe.get());
  if (!instance) {
    instance = makeFlat<Instance>(*asker, recipe, wanted.services, memo);
    instance->waiters_.push_back({asker, slot});
    if (recipe->memoised()) memo->instances[recipe.get()] = instance.get();
    started.push_back(instance);
    return instance;
  }
  if (instance->state_ == Instance::State::ready) {
    ++instance->holders_;
    Answer answer = Answer::value(instance->result_, Hold(instance));
    lock.unlock();
    asker->answered(slot, std::move(answer));
    return nullptr;
  }
  // Layers are made bottom up, so only one that is made while it is built can contain itself.
  std::string cycle;
  if (memo->family->dynamic > 0) cycle = cycleOf(*asker, *instance);
  if (!cycle.empty()) {
    lock.unlock();
    asker->answered(slot, Answer::failure(newError(CycleError(cycle))));
    return nullptr;
  }
  if (instance->state_ == Instance::State::building) ++instance->holders_;
  instance->waiters_.push_back({asker, slot});
  return instance;
}

void withdraw(const InstancePtr& instance, Asker& asker, std::size_t slot) {
  std::unique_lock lock(instance->memo_->family->mutex);
  auto& waiters = instance->waiters_;
  const auto place = std::find_if(waiters.begin(), waiters.end(), [&](const Waiter& w) {
    return w.asker.get() == &asker && w.slot == slot;
  });
  // Not there: the answer is on its way.
  if (place == waiters.end() || place->cancelled) return;
  const bool building = instance->state_ == Instance::State::building;
  if (building && instance->holders_ == 1) {
    place->cancelled = true;
    instance->state_ = Instance::State::cancelling;
    const std::shared_ptr<Worker> builder = instance->worker();
    lock.unlock();
    if (builder == asker.worker()) return instance->cancel();
    return builder->post([instance] { instance->cancel(); });
  }
  // A build that has failed is waited for: what it had acquired is being released.
  if (instance->state_ == Instance::State::failing) return;
  if (building) --instance->holders_;
  const Waiter waiter = std::move(*place);
  waiters.erase(place);
  lock.unlock();
  tell(waiter, Answer::failure(aborted()), asker.worker().get());
}

// A user is dropped: the layer is not closed for it, but for nobody else is it kept.
Hold::~Hold() {
  if (!instance_) return;
  Services result;  // dies outside the lock: its objects are the user's
  const std::lock_guard lock(instance_->memo_->family->mutex);
  if (--instance_->holders_ > 0 || instance_->state_ != Instance::State::ready) return;
  instance_->state_ = Instance::State::gone;
  instance_->leaveMemo();
  result = std::move(instance_->result_);
}

JobPtr release(Hold hold, const std::shared_ptr<Worker>& worker, const Asker* by, const Exit& exit,
               Closer::Closed closed) {
  const InstancePtr instance = hold.take();
  Services result;  // dies outside the lock
  {
    const std::lock_guard lock(instance->memo_->family->mutex);
    if (--instance->holders_ > 0) return nullptr;
    instance->state_ = Instance::State::closing;
    instance->closedFor_ = by;
    result = std::move(instance->result_);
  }
  instance->watch_.tell(LayerEvent::Kind::releaseBegan, instance->name(), nullptr);
  auto then = [instance, here = worker.get(), closed = std::move(closed)](CloseFailures failures) {
    const std::vector<Waiter> waiters = instance->closed(failures);
    // Who asked while it closed builds it anew, now that it is closed.
    for (const Waiter& waiter : waiters) tell(waiter, Answer(), here);
    closed(std::move(failures));
  };
  return std::make_shared<Closer>(worker, instance->scope_, instance, exit, std::move(then));
}

}  // namespace persistance::layer::detail
