#pragma once
/// @file
/// What a program does with a built layer.

#include <memory>
#include <mutex>

#include "completion.hpp"
#include "failure_notes.hpp"
#include "operation.hpp"
#include "supervisor.hpp"

namespace persistance::layer::detail {

/// A body that runs, with the services that it takes; or nothing, which goes on until it is
/// cancelled. It ends early where a task of a layer fails that it holds.
/// @par Threads  cancel() and taskFailed() from any thread.
class Session final : public OperationOwner, public Supervisor {
 public:
  /// `body` outlives it. `held`: the scope that the layer was built into; `own`: what the body gets.
  Session(const asio::any_io_executor& executor, const Function* body, Services services,
          std::shared_ptr<ScopeState> held, const Scope& own);

  void start();
  void cancel();
  void taskFailed(const std::exception_ptr& error) override;

  /// Set when it has ended.
  [[nodiscard]] const std::shared_ptr<Completion>& over() const noexcept { return over_; }
  /// What it ended with; once it is over.
  [[nodiscard]] std::exception_ptr error() const;
  /// Which coroutines its body is; null while it does not run.
  [[nodiscard]] const void* chain() const;

  const std::shared_ptr<ScopeState>& held() const override { return held_; }
  void step() override {}
  void ended(std::exception_ptr error) override;
  void runs(const void* chain) noexcept override;

 private:
  [[nodiscard]] std::shared_ptr<Session> self() {
    return std::static_pointer_cast<Session>(shared_from_this());
  }
  void begin();
  void stop();

  const std::shared_ptr<Worker> worker_;
  const Function* const body_;
  const std::shared_ptr<ScopeState> held_;
  const std::shared_ptr<Completion> over_ = std::make_shared<Completion>();
  Call call_;
  Given given_;
  std::shared_ptr<Operation> operation_;
  bool stopped_ = false;
  const NoteTime noted_ = noteTime();
  mutable std::mutex mutex_;
  // Guarded by `mutex_`.
  std::exception_ptr error_;  // of a task at first; then what it ended with
  const void* chain_ = nullptr;
};

}  // namespace persistance::layer::detail
