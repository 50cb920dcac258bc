#pragma once
/// @file
/// Who asks for a layer, who waits for it, and where it is found.

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "closer.hpp"
#include "operation.hpp"
#include "scope_state.hpp"
#include "steps.hpp"

namespace persistance::layer::detail {

/// What became of a request.
struct Answer {
  enum class Kind {
    value,
    failure,
    again  // what was waited for is gone; ask anew
  };
  Kind kind = Kind::again;
  Services services;
  std::exception_ptr error;
  CloseFailures failures;  // what finalizers threw after that
  Hold hold;               // to be let go of, where there is something

  static Answer value(Services services, Hold hold);
  static Answer failure(std::exception_ptr error, CloseFailures failures = {});
};

struct Waiter;

/// Who asks for layers. Everything that is done to it is done on its own worker.
class Asker : public OperationOwner {
 public:
  explicit Asker(std::shared_ptr<Worker> worker) : worker_(std::move(worker)) {}

  [[nodiscard]] const std::shared_ptr<Worker>& worker() const noexcept { return worker_; }
  virtual void answered(std::size_t slot, Answer answer) = 0;
  [[nodiscard]] virtual std::string_view name() const { return {}; }
  /// Who is told of what it builds; null: nobody.
  [[nodiscard]] const std::shared_ptr<const Observer>& observer() const noexcept {
    return observer_;
  }

  // Who waits for this one in turn; guarded by the family's mutex.
  [[nodiscard]] virtual const std::vector<Waiter>* waiters() const { return nullptr; }
  [[nodiscard]] virtual const Asker* awaitedBy() const { return nullptr; }

 protected:
  std::shared_ptr<Worker> worker_;
  std::shared_ptr<const Observer> observer_;
};

/// Who waits for an instance.
struct Waiter {
  std::shared_ptr<Asker> asker;
  std::size_t slot;
  bool cancelled = false;
};

class Supervisor;

/// The instances that are being built, in no order.
class Building {
 public:
  void add(Instance& instance) noexcept;
  /// Nothing where it is not in there.
  void remove(Instance& instance) noexcept;
  [[nodiscard]] std::vector<InstancePtr> all() const;

 private:
  Instance* first_ = nullptr;
};

/// What a memo map, its forks and the fresh maps inside it have in common.
struct Family {
  std::mutex mutex;
  // Guarded by `mutex`.
  int dynamic = 0;  // requests in progress that may ask for any layer
  std::unordered_map<const void*, Instance*> running;  // whose chain of coroutines it is
  std::vector<std::weak_ptr<Supervisor>> supervisors;
  Building building;
  // Not guarded.
  std::atomic<bool> taskFailed{false};  // some task has, ever
};

/// The instances of one memo map.
struct Memo {
  Memo() : family(std::make_shared<Family>()) {}
  explicit Memo(std::shared_ptr<Family> family_) : family(std::move(family_)) {}
  explicit Memo(std::shared_ptr<Memo> parent_)
      : parent(std::move(parent_)), family(parent->family) {}

  [[nodiscard]] InstancePtr find(const Recipe* recipe) const;

  const std::shared_ptr<Memo> parent;
  const std::shared_ptr<Family> family;
  // Guarded by the family's mutex. Whoever holds or builds an instance keeps it alive, not the
  // memo; an instance takes itself out before it dies.
  std::unordered_map<const Recipe*, Instance*> instances;
};
using MemoPtr = std::shared_ptr<Memo>;

/// A request of `asker`, known by its slot. It is answered exactly once, on the asker's worker: in
/// here or later. Jobs that begin are added to `started`.
/// @return  What is waited for; null where the answer was given already.
[[nodiscard]] InstancePtr request(const std::shared_ptr<Asker>& asker, std::size_t slot,
                                  const Wanted& wanted, const MemoPtr& memo,
                                  std::vector<JobPtr>& started);

/// Takes a request back. The answer still comes: at once where others wait too, else when the build
/// is cancelled and what it had acquired is released.
void withdraw(const InstancePtr& instance, Asker& asker, std::size_t slot);

/// One user of a built layer lets go; the last one closes it. `by`: the layer that is being closed
/// for this, or null.
/// @return  The job that closes it and then calls `closed`, once; null where others still use it,
///          and `closed` is not called.
[[nodiscard]] JobPtr release(Hold hold, const std::shared_ptr<Worker>& worker, const Asker* by,
                             const Exit& exit, Closer::Closed closed);

/// Tells an asker on its own worker. `here`: the one that this runs on, or null.
void tell(const Waiter& waiter, Answer answer, const Worker* here);

}  // namespace persistance::layer::detail
