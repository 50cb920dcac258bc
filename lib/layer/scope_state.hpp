#pragma once
/// @file
/// A scope from the inside.

#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include <persistance/layer/scope.hpp>

#include "completion.hpp"
#include "dependencies.hpp"
#include "home.hpp"

namespace persistance::layer::detail {

class Instance;
class Task;
using InstancePtr = std::shared_ptr<Instance>;

/// One user of a built layer. The last that is released closes the layer; one that is dropped
/// without that keeps nobody else from it.
class Hold {
 public:
  Hold() = default;
  explicit Hold(InstancePtr instance) noexcept : instance_(std::move(instance)) {}
  Hold(Hold&&) noexcept = default;
  Hold& operator=(Hold&& other) noexcept {
    Hold old(std::exchange(instance_, std::move(other.instance_)));
    return *this;
  }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;
  ~Hold();

  explicit operator bool() const noexcept { return instance_ != nullptr; }
  [[nodiscard]] const InstancePtr& instance() const noexcept { return instance_; }
  [[nodiscard]] InstancePtr take() noexcept { return std::exchange(instance_, nullptr); }

 private:
  InstancePtr instance_;
};

/// One thing to do at the end of a scope: call a user's function, end a task, or let go of a built
/// layer.
using Ending = std::variant<std::unique_ptr<Finalizer>, std::shared_ptr<Task>, Hold>;

/// Destroys endings that nobody runs any more, the last added first. Tasks are cancelled, and keep
/// `used` until they have ended.
void drop(std::vector<Ending>& endings, const Services& used = Services());

/// Whose scope it is: a layer, a run or a runtime.
class ScopeOwner {
 public:
  ScopeOwner() = default;
  ScopeOwner(const ScopeOwner&) = delete;
  ScopeOwner& operator=(const ScopeOwner&) = delete;
  virtual ~ScopeOwner() = default;
  /// A task has failed. From any thread.
  virtual void taskFailed(const std::exception_ptr& error) = 0;
};

struct ScopeState {
  enum class Phase { open, closing, closed };

  ScopeState() = default;
  /// The scope of a layer, or of a run.
  explicit ScopeState(HomePtr home_) : home(std::move(home_)) {}
  ScopeState(const ScopeState&) = delete;
  ScopeState& operator=(const ScopeState&) = delete;
  ~ScopeState() { drop(endings); }

  /// Adds an ending, unless the scope is closed: then gives it back.
  [[nodiscard]] std::optional<Ending> add(Ending ending);
  /// Nobody will close it: drops what it has.
  void abandon(const Services& used);

  const HomePtr home;  // where its finalizers run; null: on the executor of who closes
  // What its endings may use; null: nothing. Written before the function of its layer is called.
  DependenciesPtr dependencies;
  std::mutex mutex;
  // The rest is guarded by `mutex`.
  Phase phase = Phase::open;
  bool parallel = false;  // the endings of siblings run together
  std::vector<Ending> endings;
  std::weak_ptr<ScopeOwner> owner;
  Exit exit;
  HomePtr closedOn;
  std::shared_ptr<Completion> closed;    // there while somebody waits for another's close
  const void* finalizerChain = nullptr;  // of coroutines, of the finalizer that runs
};

}  // namespace persistance::layer::detail
