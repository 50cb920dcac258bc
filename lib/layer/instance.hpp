#pragma once
/// @file
/// One layer being built, built, or being closed.

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "build_limit.hpp"
#include "closer.hpp"
#include "failure_notes.hpp"
#include "memo.hpp"
#include "steps.hpp"
#include "watch.hpp"

namespace persistance::layer::detail {

/// The build of one recipe, which nobody owns but itself: who asked for it waits, and may go away.
/// When it is built it stays for those who hold it, with the scope of what it acquired.
class Instance final : public Asker, public ScopeOwner {
 public:
  enum class State {
    building,    // somebody waits for it
    cancelling,  // nobody waits any more
    failing,     // it has failed and releases what it had acquired
    ready,
    closing,  // nobody holds it any more
    gone
  };

  /// Under the family's mutex.
  Instance(const Asker& asker, RecipePtr recipe, Services services, MemoPtr memo);
  ~Instance() override;

  // Asker, ScopeOwner
  void step() override;
  void answered(std::size_t slot, Answer answer) override;
  void ended(std::exception_ptr error) override;
  void runs(const void* chain) noexcept override;
  const std::vector<Waiter>* waiters() const override { return &waiters_; }
  const Asker* awaitedBy() const override { return closedFor_; }
  void taskFailed(const std::exception_ptr& cause) override;
  std::string_view name() const override { return recipe_->name(); }

  // What its recipe sees. Each step says one thing: build these, call this, wait so long, or done;
  // then the recipe goes on when that is there.
  Services services;         // what the layer was given
  Services kept;             // what the recipe wants to find again in a later step
  std::exception_ptr error;  // the same
  std::vector<Built> built;  // of the last build()
  Given given;               // of the last call()

  void build(std::vector<Wanted> layers, Sharing sharing, OnError onError);
  void build(const Ref& layer, const Services& with, Sharing sharing = Sharing::shared,
             OnError onError = OnError::fail) {
    std::vector<Wanted> one;
    one.emplace_back(layer, with.only(layer.needs));
    build(std::move(one), sharing, onError);
  }
  void call(const Function& function, Services with, std::exception_ptr cause = nullptr);
  void wait(std::chrono::milliseconds duration) { start(sleepFor(duration)); }
  void done(Services result);
  void fail(std::exception_ptr cause) {
    failure_ = std::move(cause);
    closeAndFail();
  }
  /// What is built here is released together, and not in reverse.
  void releaseTogether() { scope_->parallel = true; }
  /// What is built here is told to `observer`.
  void tellTo(std::shared_ptr<const Observer> observer) { observer_ = std::move(observer); }
  /// The next build() fails with `error` where it takes longer.
  void within(std::chrono::milliseconds duration, std::exception_ptr late);

  /// Ends the build as soon as it can be ended.
  void cancel();
  /// The time that within() gave has passed.
  void expired(const std::exception_ptr& late);
  /// A task of `of` has failed: so does this, where it holds that one.
  void taskFailed(const Instance& of, const std::exception_ptr& cause);

  [[nodiscard]] const std::shared_ptr<ScopeState>& scope() const noexcept { return scope_; }
  [[nodiscard]] const Family& family() const noexcept { return *memo_->family; }
  /// What its function made.
  [[nodiscard]] const Services& made() const noexcept { return own_; }
  /// What a task of its scope has failed with; null: none has.
  [[nodiscard]] std::exception_ptr taskError() const {
    const std::lock_guard lock(memo_->family->mutex);
    return taskError_;
  }

 private:
  friend class Hold;
  friend class Building;
  friend InstancePtr request(const std::shared_ptr<Asker>&, std::size_t, const Wanted&,
                             const MemoPtr&, std::vector<JobPtr>&);
  friend void withdraw(const InstancePtr&, Asker&, std::size_t);
  friend JobPtr release(Hold, const std::shared_ptr<Worker>&, const Asker*, const Exit&,
                        Closer::Closed);
  // A layer that was asked for.
  struct Child {
    Wanted wanted;
    std::weak_ptr<Instance> waited;  // weak: who builds keeps who waits, not the reverse
    bool pending = true;
    Hold held;  // built, and to be released by this one

    explicit Child(Wanted wanted_) : wanted(std::move(wanted_)) {}
  };

  [[nodiscard]] InstancePtr self() {
    return std::static_pointer_cast<Instance>(shared_from_this());
  }
  void ask(std::size_t slot, std::vector<JobPtr>& started);
  void keepChildren();
  void withdrawChildren();
  void start(asio::awaitable<void> work);
  void publish();
  void failWith(const std::exception_ptr& cause);
  void closeAndFail();
  void failed();
  void endBuild();
  void leaveBuilding();
  void leaveMemo();
  void letGo() {
    own_ = Services();
    if (scope_->dependencies) scope_->dependencies->services = Services();
  }
  [[nodiscard]] std::vector<Waiter> closed(const CloseFailures& failures);
  const RecipePtr recipe_;
  const MemoPtr memo_;
  const std::shared_ptr<ScopeState> scope_;

  // `worker_` is there until the layer is built; inside of it, until then:
  int step_ = 0;
  std::vector<Child> children_;
  MemoPtr childMemo_;
  OnError onError_ = OnError::fail;
  std::size_t pending_ = 0;
  std::optional<Call> call_;
  bool running_ = false;                  // what `call` or `wait` started
  std::shared_ptr<Operation> operation_;  // the same, where it can be cancelled
  std::shared_ptr<BuildLimit> limit_;
  bool cancelled_ = false;
  bool ended_ = false;
  std::optional<Services> made_;  // done, and still to be told
  std::exception_ptr failure_;
  CloseFailures failures_;  // what finalizers threw after that
  const NoteTime noted_ = noteTime();

  // One after another: the build, then what closes it.
  Services own_;  // what the function made: it lives until its last finalizer has ended
  Watch watch_;

  // Guarded by the family's mutex.
  State state_ = State::building;
  bool counted_ = false;     // in Family::dynamic
  std::size_t holders_ = 1;  // who waits or holds
  std::vector<Waiter> waiters_;
  Services result_;
  const Asker* closedFor_ = nullptr;  // whose closing waits for this one's
  const void* chain_ = nullptr;       // in Family::running
  Instance* nextBuilding_ = nullptr;  // in Family::building
  Instance* previousBuilding_ = nullptr;
  std::exception_ptr taskError_;
};

}  // namespace persistance::layer::detail
