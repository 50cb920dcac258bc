#pragma once
/// @file
/// One layer being built, built, or being closed.

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "closer.hpp"
#include "memo.hpp"
#include "steps.hpp"

namespace persistance::layer::detail {

/// The build of one recipe, which nobody owns but itself: who asked for it waits, and may go away.
/// When it is built it stays for those who hold it, with the scope of what it acquired.
class Instance final : public Asker {
 public:
  enum class State {
    building,    // somebody waits for it
    cancelling,  // nobody waits any more
    failing,     // it has failed and releases what it had acquired
    ready,
    closing,  // nobody holds it any more
    gone
  };

  Instance(std::shared_ptr<Worker> worker, RecipePtr recipe, Services services, MemoPtr memo);
  ~Instance() override;

  // Asker, Job
  void step() override;
  void answered(std::size_t slot, Answer answer) override;
  const std::vector<Waiter>* waiters() const override { return &waiters_; }
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
             OnError onError = OnError::fail);
  void call(const Function& function, Services with, std::exception_ptr cause = nullptr);
  void wait(std::chrono::milliseconds duration);
  void done(Services result);
  void fail(std::exception_ptr cause);
  /// What is built here is released together, and not in reverse.
  void releaseTogether() { scope_->parallel = true; }

  /// Ends the build as soon as it can be ended.
  void cancel();

 private:
  friend InstancePtr request(const std::shared_ptr<Asker>&, std::size_t, const Wanted&,
                             const MemoPtr&, std::vector<JobPtr>&);
  friend void withdraw(const InstancePtr&, Asker&, std::size_t);
  friend JobPtr release(const InstancePtr&, const std::shared_ptr<Worker>&, const Exit&,
                        Closer::Closed);

  // A layer that was asked for.
  struct Child {
    Wanted wanted;
    std::weak_ptr<Instance> waited;  // weak: who builds keeps who waits, not the other way round
    bool pending = true;
    InstancePtr held;  // built, and to be released by this one

    explicit Child(Wanted wanted_) : wanted(std::move(wanted_)) {}
  };

  [[nodiscard]] InstancePtr self() {
    return std::static_pointer_cast<Instance>(shared_from_this());
  }
  void ask(std::size_t slot, std::vector<JobPtr>& started);
  void keepChildren();
  void withdrawChildren();
  void start(asio::awaitable<void> work);
  void closeAndFail();
  void failed();
  void endBuild();
  void leaveMemo();

  const RecipePtr recipe_;
  const MemoPtr memo_;
  const std::shared_ptr<ScopeState> scope_ = std::make_shared<ScopeState>();

  // `worker_` is there until the layer is built; on its strand, until then:
  int step_ = 0;
  std::vector<Child> children_;
  MemoPtr childMemo_;
  OnError onError_ = OnError::fail;
  std::size_t pending_ = 0;
  std::optional<Call> call_;
  Operation operation_;
  bool cancelled_ = false;
  bool ended_ = false;
  std::exception_ptr failure_;
  CloseFailures failures_;  // what finalizers threw after that

  // Guarded by the family's mutex.
  State state_ = State::building;
  bool counted_ = false;     // in Family::dynamic
  std::size_t holders_ = 1;  // who waits or holds
  std::vector<Waiter> waiters_;
  Services result_;
};

}  // namespace persistance::layer::detail
