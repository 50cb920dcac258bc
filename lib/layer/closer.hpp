#pragma once
/// @file
/// What closes a scope.

#include <functional>
#include <memory>
#include <vector>

#include "failure.hpp"
#include "operation.hpp"
#include "scope_state.hpp"

namespace persistance::layer::detail {

/// Runs the endings of a scope, and tells who asked.
class Closer final : public Job {
 public:
  /// Called on the worker, once.
  using Closed = std::function<void(CloseFailures)>;

  /// `owner` is the layer that the scope belongs to, or null.
  Closer(std::shared_ptr<Worker> worker, std::shared_ptr<ScopeState> scope, InstancePtr owner,
         Exit exit, Closed closed);
  ~Closer() override;

  void step() override;

 private:
  class Call;
  struct Hop;

  [[nodiscard]] bool take();
  void begin(Ending ending, std::vector<JobPtr>& started);
  void beginFinalizer(std::unique_ptr<Finalizer> finalizer);
  void callHere(std::unique_ptr<Finalizer> finalizer);
  void beginStop(const std::shared_ptr<Task>& task);
  void beginRelease(Hold hold, std::vector<JobPtr>& started);
  void ended(std::exception_ptr error);
  [[nodiscard]] std::shared_ptr<Closer> self() {
    return std::static_pointer_cast<Closer>(shared_from_this());
  }

  const std::shared_ptr<Worker> worker_;
  const std::shared_ptr<ScopeState> scope_;
  const InstancePtr owner_;
  const Exit exit_;
  Closed closed_;
  bool parallel_ = false;
  std::vector<Ending> endings_;
  std::size_t pending_ = 0;
  CloseFailures failures_;
};

}  // namespace persistance::layer::detail
