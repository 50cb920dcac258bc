#pragma once
/// @file
/// One layer being built, built, or being closed.

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "build_step.hpp"
#include "closer.hpp"
#include "table.hpp"

namespace persistance::layer::detail {

/// The build of one node, which nobody owns but itself: who asked for it waits, and may go away.
/// When it is built it stays for those who hold it, with the scope of what it acquired.
class Entry final : public Asker, public Build {
 public:
  enum class State {
    building,    // somebody waits for it
    cancelling,  // nobody waits any more
    failing,     // it has failed and releases what it had acquired
    ready,
    closing,  // nobody holds it any more
    gone
  };

  Entry(std::shared_ptr<Engine> engine, NodePtr node, Services services, TablePtr table);
  ~Entry() override;

  // Asker, Job
  void step() override;
  void answered(std::size_t slot, Answer answer) override;
  const std::vector<Waiter>* waiters() const override { return &waiters_; }
  std::string_view name() const override { return node_->name(); }

  // Build
  using Build::build;
  void build(std::vector<Wanted> layers, Sharing sharing, OnError onError) override;
  void call(const Function& function, Services with, std::exception_ptr cause) override;
  void wait(std::chrono::milliseconds duration) override;
  void done(Services result) override;
  void fail(std::exception_ptr cause) override;
  void releaseTogether() override { scope_->parallel = true; }

  /// Ends the build as soon as it can be ended.
  void cancel();

 private:
  friend EntryPtr request(const std::shared_ptr<Asker>&, std::size_t, const Wanted&,
                          const TablePtr&, std::vector<JobPtr>&);
  friend void withdraw(const EntryPtr&, Asker&, std::size_t);
  friend JobPtr release(const EntryPtr&, const std::shared_ptr<Engine>&, const Exit&,
                        Closer::Closed);

  // A layer that was asked for.
  struct Child {
    Wanted wanted;
    std::weak_ptr<Entry> waited;  // weak: who builds keeps who waits, not the other way round
    bool pending = true;
    EntryPtr held;  // built, and to be released by this one

    explicit Child(Wanted wanted_) : wanted(std::move(wanted_)) {}
  };

  [[nodiscard]] EntryPtr self() { return std::static_pointer_cast<Entry>(shared_from_this()); }
  void ask(std::size_t slot, std::vector<JobPtr>& started);
  void keepChildren();
  void withdrawChildren();
  void start(asio::awaitable<void> work);
  void closeAndFail();
  void failed();
  void endBuild();
  void leaveTable();

  const NodePtr node_;
  const TablePtr table_;
  const std::shared_ptr<ScopeState> scope_ = std::make_shared<ScopeState>();

  // On the engine's strand, while it builds.
  int step_ = 0;
  std::vector<Child> children_;
  TablePtr childTable_;
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
