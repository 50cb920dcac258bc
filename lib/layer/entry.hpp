#pragma once
/// @file
/// One layer being built, built, or being closed; and the table in which it is found.

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include <persistance/layer/node.hpp>

#include "engine.hpp"
#include "scope_state.hpp"

namespace persistance::layer::detail {

class Entry;
using EntryPtr = std::shared_ptr<Entry>;

/// What became of a request.
struct Answer {
  enum class Kind { value, failure, again };
  Kind kind = Kind::again;  // again: the build that was waited for is gone; ask anew
  Services services;
  std::exception_ptr error;
  EntryPtr entry;  // to be let go of, where there is one

  static Answer value(Services services, EntryPtr entry);
  static Answer failure(std::exception_ptr error);
};

/// Who asks for layers. Everything happens on its own engine.
class Asker : public Job {
 public:
  explicit Asker(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}

  [[nodiscard]] const std::shared_ptr<Engine>& engine() const noexcept { return engine_; }
  virtual void answered(std::size_t slot, Answer answer) = 0;

 protected:
  const std::shared_ptr<Engine> engine_;
};

/// The entries of one memo map.
struct Table {
  explicit Table(std::shared_ptr<Table> parent_ = nullptr)
      : parent(std::move(parent_)),
        mutex(parent ? parent->mutex : std::make_shared<std::mutex>()) {}

  const std::shared_ptr<Table> parent;
  const std::shared_ptr<std::mutex> mutex;  // one for a map and all its forks
  // Guarded by `mutex`. Whoever holds or builds an entry keeps it alive, not the table; an entry
  // takes itself out before it dies.
  std::unordered_map<const Node*, Entry*> entries;
};
using TablePtr = std::shared_ptr<Table>;

/// Who waits for an entry.
struct Waiter {
  std::shared_ptr<Asker> asker;
  std::size_t slot;
  bool cancelled = false;
};

/// A request of `asker`, known by its slot. Answered exactly once: at once or later, on the asker's
/// engine.
/// @return  What is waited for; null where the answer was given at once.
[[nodiscard]] EntryPtr request(const std::shared_ptr<Asker>& asker, std::size_t slot,
                               const NodePtr& node, const Services& services, const TablePtr& table,
                               bool shared, std::vector<JobPtr>& started);

/// Takes a request back. The answer still comes: at once where others wait too, else when the build
/// has been cancelled and what it had acquired is released.
void withdraw(const EntryPtr& entry, Asker& asker, std::size_t slot);

/// One user of a built layer lets go; the last one closes it. `closed` is called once, on `engine`.
/// @return  The job that closes it; null where nothing is left to do, and `closed` was not called.
[[nodiscard]] JobPtr release(const EntryPtr& entry, const std::shared_ptr<Engine>& engine,
                             const Exit& exit, Closer::Closed closed);

/// What a node sees of its build.
class Build : public Asker {
 public:
  using Asker::Asker;

  int phase = 0;                // how often the node has gone on before
  Services services;            // what the node was given
  std::vector<Answer> answers;  // of the last build()

  /// Builds layers, together; then the node goes on. `shared`: through the memo map, else through a
  /// new one.
  virtual void build(std::vector<std::pair<Ref, Services>> layers, bool shared) = 0;
  /// Calls a function; then the node goes on, with what it gave.
  virtual void call(const Function& function, Services with, std::exception_ptr error) = 0;
  [[nodiscard]] virtual const Given& given() const = 0;
  virtual void done(Services result) = 0;
  virtual void fail(std::exception_ptr error) = 0;
  /// Siblings: their endings run together.
  virtual void releaseTogether() = 0;
};

class Entry final : public Build {
 public:
  enum class State { building, cancelling, failing, ready, closing, gone };

  Entry(std::shared_ptr<Engine> engine, NodePtr node, Services services, TablePtr table,
        bool listed);
  ~Entry() override;

  void step() override;
  void answered(std::size_t slot, Answer answer) override;
  void cancel();  // on the engine

  void build(std::vector<std::pair<Ref, Services>> layers, bool shared) override;
  void call(const Function& function, Services with, std::exception_ptr error) override;
  const Given& given() const override { return given_; }
  void done(Services result) override;
  void fail(std::exception_ptr error) override;
  void releaseTogether() override { scope_->parallel = true; }

 private:
  friend EntryPtr request(const std::shared_ptr<Asker>&, std::size_t, const NodePtr&,
                          const Services&, const TablePtr&, bool, std::vector<JobPtr>&);
  friend void withdraw(const EntryPtr&, Asker&, std::size_t);
  friend JobPtr release(const EntryPtr&, const std::shared_ptr<Engine>&, const Exit&,
                        Closer::Closed);

  struct Child {
    std::weak_ptr<Entry> entry;  // while it is waited for
    bool pending = true;
    Ref ref;
    Services services;
  };

  [[nodiscard]] std::shared_ptr<Entry> self() {
    return std::static_pointer_cast<Entry>(shared_from_this());
  }
  void ask(std::size_t slot, std::vector<JobPtr>& started);
  void keepAnswers();
  void withdrawAll();
  void closeAndFail();
  void unlist();

  const NodePtr node_;
  const TablePtr table_;
  const bool listed_;

  // On the engine's strand while it builds; then of the one who closes.
  const std::shared_ptr<ScopeState> scope_ = std::make_shared<ScopeState>();
  std::vector<Child> children_;
  std::size_t pending_ = 0;
  TablePtr childTable_;
  bool cancelled_ = false;
  bool ended_ = false;
  std::exception_ptr error_;
  Operation operation_;
  std::optional<Call> call_;
  Given given_;

  // Guarded by the table's mutex.
  State state_ = State::building;
  std::size_t holders_ = 1;  // who waits or holds
  std::vector<Waiter> waiters_;
  Services result_;
};

}  // namespace persistance::layer::detail
