#pragma once
/// @file
/// Who hears of a failing task.

#include <exception>
#include <memory>

#include "memo.hpp"

namespace persistance::layer::detail {

/// A run, a launch or a runtime: who ends when a task of a layer that it holds has failed.
class Supervisor : public ScopeOwner {
 public:
  /// What it holds.
  [[nodiscard]] virtual const std::shared_ptr<ScopeState>& held() const = 0;
};

/// From now on the supervisor is told; and at once where a task has failed already.
void supervise(const MemoPtr& memo, const std::shared_ptr<Supervisor>& supervisor);

/// A task of `instance` has failed: tells all who hold it, and the builds that do.
void reportFailure(Family& family, const InstancePtr& instance, const std::exception_ptr& error);

/// Whether it is what `hold` or `scope` holds, or held by that in turn.
[[nodiscard]] bool isWithin(const Instance& one, const Hold& hold);
[[nodiscard]] bool isWithin(const Instance& one, ScopeState& scope);

/// What a task within `hold` has failed with; null: none has.
[[nodiscard]] std::exception_ptr taskErrorWithin(const Hold& hold);

}  // namespace persistance::layer::detail
