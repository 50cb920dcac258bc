#pragma once
/// @file
/// The one that asks for a layer on behalf of a coroutine.

#include <memory>
#include <optional>

#include "completion.hpp"
#include "memo.hpp"

namespace persistance::layer::detail {

class Root final : public Asker {
 public:
  /// `chain`: which coroutines wait for it.
  Root(const asio::any_io_executor& executor, Ref ref, MemoPtr memo, const void* chain);
  ~Root() override;

  // From the coroutine:
  void start();
  /// The answer still comes.
  void cancel();
  /// Nobody waits any more: what comes is let go of.
  void leave();
  /// Set when the answer is there.
  const std::shared_ptr<Completion> over = std::make_shared<Completion>();
  Answer answer;
  const void* const chain;

  // On the worker:
  void step() override {}
  void ended(std::exception_ptr) override {}
  void answered(std::size_t slot, Answer given) override;
  const Asker* awaitedBy() const override;

 private:
  [[nodiscard]] std::shared_ptr<Root> self() {
    return std::static_pointer_cast<Root>(shared_from_this());
  }
  void findWithin();
  void leaveWithin();
  void ask();
  void letGo();

  const Wanted wanted_;
  const MemoPtr memo_;
  std::weak_ptr<Instance> waited_;
  bool cancelled_ = false;
  bool left_ = false;
  // Guarded by the family's mutex.
  InstancePtr within_;  // whose function or finalizer awaits this
};

/// Closes a scope of what nobody wants, in the background.
void closeUnwatched(const std::shared_ptr<Worker>& worker, Hold hold, const Exit& exit);

}  // namespace persistance::layer::detail
