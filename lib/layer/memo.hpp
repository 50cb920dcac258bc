#pragma once
/// @file
/// Who asks for a layer, who waits for it, and where it is found.

#include <exception>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "closer.hpp"
#include "steps.hpp"
#include "worker.hpp"

namespace persistance::layer::detail {

class Instance;
using InstancePtr = std::shared_ptr<Instance>;

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
  InstancePtr instance;    // to be let go of, where there is one

  static Answer value(Services services, InstancePtr instance);
  static Answer failure(std::exception_ptr error, CloseFailures failures = {});
};

struct Waiter;

/// Who asks for layers. Everything that is done to it is done on its own worker.
class Asker : public Job {
 public:
  explicit Asker(std::shared_ptr<Worker> worker) : worker_(std::move(worker)) {}

  [[nodiscard]] const std::shared_ptr<Worker>& worker() const noexcept { return worker_; }
  virtual void answered(std::size_t slot, Answer answer) = 0;
  /// Who waits for this one in turn; guarded by the family's mutex.
  [[nodiscard]] virtual const std::vector<Waiter>* waiters() const { return nullptr; }
  [[nodiscard]] virtual std::string_view name() const { return {}; }

 protected:
  std::shared_ptr<Worker> worker_;
};

/// Who waits for an instance.
struct Waiter {
  std::shared_ptr<Asker> asker;
  std::size_t slot;
  bool cancelled = false;
};

/// What a memo map, its forks and the fresh maps inside it have in common.
struct Family {
  std::mutex mutex;
  int dynamic = 0;  // builds in progress that may ask for any layer; guarded by `mutex`
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
  // Guarded by the family's mutex. Whoever holds or builds an instance keeps it alive, not the memo;
  // an instance takes itself out before it dies.
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

/// One user of a built layer lets go; the last one closes it.
/// @return  The job that closes it and then calls `closed`, once; null where others still use it,
///          and `closed` is not called.
[[nodiscard]] JobPtr release(const InstancePtr& instance, const std::shared_ptr<Worker>& worker,
                             const Exit& exit, Closer::Closed closed);

/// Tells an asker on its own worker. `here`: the one whose strand this runs on, or null.
void tell(const Waiter& waiter, Answer answer, const Worker* here);

}  // namespace persistance::layer::detail
