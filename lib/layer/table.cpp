#include "table.hpp"

#include <algorithm>
#include <string>

#include "entry.hpp"
#include "flat_delete.hpp"

namespace persistance::layer::detail {
namespace {

// Whether `asker` builds something that `entry` waits for; then waiting for `entry` would never
// end. Gives the way round, or nothing.
std::string wayRound(const Asker* asker, const Entry* entry) {
  std::unordered_map<const Asker*, const Asker*> cameFrom{{asker, nullptr}};
  std::vector<const Asker*> toVisit{asker};
  while (!toVisit.empty()) {
    const Asker* next = toVisit.back();
    toVisit.pop_back();
    if (next == entry) {
      std::string path;
      for (const Asker* on = next; on != nullptr; on = cameFrom[on])
        path += std::string(on->name()) + " -> ";
      return path + std::string(entry->name());
    }
    const std::vector<Waiter>* waiters = next->waiters();
    if (waiters == nullptr) continue;
    for (const Waiter& waiter : *waiters) {
      if (cameFrom.emplace(waiter.asker.get(), next).second) toVisit.push_back(waiter.asker.get());
    }
  }
  return {};
}

}  // namespace

Answer Answer::value(Services services, EntryPtr entry) {
  Answer answer;
  answer.kind = Kind::value;
  answer.services = std::move(services);
  answer.entry = std::move(entry);
  return answer;
}

Answer Answer::failure(std::exception_ptr error, CloseFailures failures) {
  Answer answer;
  answer.kind = Kind::failure;
  answer.error = std::move(error);
  answer.failures = std::move(failures);
  return answer;
}

void tell(const Waiter& waiter, Answer answer, const Engine* here) {
  if (waiter.asker->engine().get() == here) {
    waiter.asker->answered(waiter.slot, std::move(answer));
    return;
  }
  waiter.asker->engine()->post(
      [asker = waiter.asker, slot = waiter.slot, answer = std::move(answer)]() mutable {
        asker->answered(slot, std::move(answer));
      });
}

EntryPtr Table::find(const Node* node) const {
  for (const Table* table = this; table != nullptr; table = table->parent.get()) {
    const auto place = table->entries.find(node);
    if (place == table->entries.end()) continue;
    // One that is dying is none.
    if (JobPtr entry = place->second->weak_from_this().lock())
      return std::static_pointer_cast<Entry>(std::move(entry));
  }
  return nullptr;
}

EntryPtr request(const std::shared_ptr<Asker>& asker, std::size_t slot, const Wanted& wanted,
                 const TablePtr& table, std::vector<JobPtr>& started) {
  const NodePtr& node = wanted.layer.node;
  if (const Services* value = node->value()) {
    asker->answered(slot, Answer::value(*value, nullptr));
    return nullptr;
  }
  EntryPtr entry;  // outlives the lock: its destructor takes it
  std::unique_lock lock(table->family->mutex);
  if (node->memoised()) entry = table->find(node.get());
  if (!entry) {
    entry = makeFlat<Entry>(asker->engine(), node, wanted.services, table);
    entry->waiters_.push_back({asker, slot});
    entry->counted_ = node->dynamic();
    if (entry->counted_) ++table->family->dynamic;
    if (node->memoised()) table->entries[node.get()] = entry.get();
    started.push_back(entry);
    return entry;
  }
  if (entry->state_ == Entry::State::ready) {
    ++entry->holders_;
    Answer answer = Answer::value(entry->result_, entry);
    lock.unlock();
    asker->answered(slot, std::move(answer));
    return nullptr;
  }
  // Layers are made bottom up, so only one that is made while it is built can contain itself.
  std::string cycle;
  if (table->family->dynamic > 0) cycle = wayRound(asker.get(), entry.get());
  if (!cycle.empty()) {
    lock.unlock();
    asker->answered(slot, Answer::failure(std::make_exception_ptr(CycleError(cycle))));
    return nullptr;
  }
  if (entry->state_ == Entry::State::building) ++entry->holders_;
  entry->waiters_.push_back({asker, slot});
  return entry;
}

void withdraw(const EntryPtr& entry, Asker& asker, std::size_t slot) {
  std::unique_lock lock(entry->table_->family->mutex);
  auto& waiters = entry->waiters_;
  const auto place = std::find_if(waiters.begin(), waiters.end(), [&](const Waiter& w) {
    return w.asker.get() == &asker && w.slot == slot;
  });
  // Not there: the answer is on its way.
  if (place == waiters.end() || place->cancelled) return;
  const bool building = entry->state_ == Entry::State::building;
  if (building && entry->holders_ == 1) {
    place->cancelled = true;
    entry->state_ = Entry::State::cancelling;
    lock.unlock();
    if (entry->engine() == asker.engine()) return entry->cancel();
    return entry->engine()->post([entry] { entry->cancel(); });
  }
  // A build that has failed is waited for: what it had acquired is being released.
  if (entry->state_ == Entry::State::failing) return;
  if (building) --entry->holders_;
  const Waiter waiter = std::move(*place);
  waiters.erase(place);
  lock.unlock();
  tell(waiter, Answer::failure(aborted()), asker.engine().get());
}

JobPtr release(const EntryPtr& entry, const std::shared_ptr<Engine>& engine, const Exit& exit,
               Closer::Closed closed) {
  Services result;  // dies outside the lock: its objects are the user's
  {
    const std::lock_guard lock(entry->table_->family->mutex);
    if (--entry->holders_ > 0) return nullptr;
    entry->state_ = Entry::State::closing;
    result = std::move(entry->result_);
  }
  auto then = [entry, engine = engine.get(), closed = std::move(closed)](CloseFailures failures) {
    std::vector<Waiter> waiters;
    {
      const std::lock_guard lock(entry->table_->family->mutex);
      entry->state_ = Entry::State::gone;
      entry->leaveTable();
      waiters.swap(entry->waiters_);
    }
    // Who asked while it closed builds it anew, now that it is closed.
    for (const Waiter& waiter : waiters) tell(waiter, Answer(), engine);
    closed(std::move(failures));
  };
  return std::make_shared<Closer>(engine, entry->scope_, entry->name(), exit, std::move(then));
}

}  // namespace persistance::layer::detail
